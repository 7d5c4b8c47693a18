import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../../core/config/schema.ts';
import { sqlText } from '../../../core/duckdb.ts';
import { workspaceAt } from '../../../core/workspace.ts';
import { ingest, type IngestReport } from '../../../ingest/ingest.ts';
import { build } from '../../../model/build.ts';
import { configured, differences, effectsAt, FILES, landed, lakeRows, type Origin, type World } from './world.ts';

/** One way in which a world is given. */
export interface Given {
  name: string;
  /** How rows have to have come over; null for files. */
  transfer: 'paged' | 'storage-read' | null;
  origin: (world: World) => Origin;
}

export interface SuiteOptions {
  /** Makes the world, and puts it where the `ways` find it. */
  make: () => Promise<World>;
  ways: Given[];
  /** Build the marts too, and compare these. */
  marts: string[];
}

/**
 * What holds for every way in which a source is given: the lake has the rows, sums and moments that the same rows have when
 * they are read as files, the published marts are the same, and a second run finds nothing to do.
 */
export function conformanceSuite(title: string, { make, ways, marts }: SuiteOptions): void {
  describe(`${title}, however it is given`, () => {
    let world: World;
    let files: Config;
    beforeAll(async () => {
      world = await make();
      files = configured(world, 'files', FILES);
      await ingest(files, {}, effectsAt());
      if (marts.length > 0) await build(files, {}, effectsAt());
    });
    afterAll(() => world?.close());

    describe.each(ways)('given by $name', ({ name, transfer, origin }) => {
      let config: Config;
      let report: IngestReport;
      beforeAll(async () => {
        config = configured(world, name.replaceAll(/\W+/g, '-'), origin(world));
        report = await ingest(config, {}, effectsAt());
      });

      it('lands the same partitions with the same rows and exact sums', () => {
        expect(Object.keys(landed(files)).length).toBeGreaterThan(2);
        expect(landed(config)).toEqual(landed(files));
        expect(report.sources[0]!.pulled?.transfer ?? null).toBe(transfer);
      });

      it('lands the same rows, one by one, to the last digit', async () => {
        const found = await differences(world.connection, lakeRows(config), lakeRows(files));
        expect(found).toEqual({ left: [], right: [] });
      });

      it('has nothing to do in a second run', async () => {
        const before = landed(config);
        const again = await ingest(config, {}, effectsAt('2026-07-06T09:00:00Z'));
        expect(again.sources[0]).toMatchObject({ landed: [], replaced: [], missing: [] });
        expect(again.sources[0]!.unchanged).toBe(Object.keys(before).length);
        expect(landed(config)).toEqual(before);
      });

      if (marts.length === 0) return;
      it('publishes the same marts', async () => {
        await build(config, {}, effectsAt());
        for (const [schema, of] of [
          ['here', config],
          ['files', files],
        ] as const) {
          const { warehouse } = workspaceAt(of.workspace);
          await world.connection.run(`ATTACH ${sqlText(join(warehouse, 'gen-1.duckdb'))} AS ${schema} (READ_ONLY)`);
        }
        try {
          for (const mart of marts) {
            const found = await differences(world.connection, `here.${mart}`, `files.${mart}`);
            expect({ mart, ...found }).toEqual({ mart, left: [], right: [] });
          }
        } finally {
          await world.connection.run('DETACH here');
          await world.connection.run('DETACH files');
        }
      });
    });
  });
}
