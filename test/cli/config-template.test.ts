import { describe, expect, it } from 'vitest';
import { configTemplate } from '../../cli/config-template.ts';
import { parseConfig } from '../../core/config/load.ts';
import { configSchema } from '../../core/config/schema.ts';

const facts = { kind: 'focus' as const, files: ["./it's here/*.csv"], catalog: ['./catalog/*.yaml'] };

describe('the configuration that init writes', () => {
  it('states every default as it is', () => {
    const written = parseConfig(configTemplate(facts), '/company/worthwhile.yaml');
    const minimal = { sources: written.sources, catalog: { files: written.catalog.files } };
    const defaults = configSchema.parse(minimal);
    expect(written).toEqual({ ...defaults, workspace: '/company/data', path: '/company/worthwhile.yaml' });
    expect(written.sources[0]?.files).toEqual(["/company/it's here/*.csv"]);
  });

  it('names a table instead of files, with the other keys of a table as comments that load', () => {
    const bigquery = { project: 'acme', dataset: 'billing', table: 'export_v1' };
    const text = configTemplate({ ...facts, kind: 'gcp-billing-detailed', bigquery });
    const bare = parseConfig(text, '/company/worthwhile.yaml').sources[0]!;
    const full = parseConfig(text.replaceAll(/^( {6})# (?=\w+: )/gm, '$1'), '/company/worthwhile.yaml').sources[0]!;

    expect(bare.files).toBeUndefined();
    expect(bare.bigquery).toMatchObject({ ...bigquery, storageRead: 'auto', labels: {} });
    expect(full.bigquery).toMatchObject({ jobProject: 'acme-finops', location: 'EU', labels: { team: 'finops' } });
    expect(Object.keys(full.bigquery!).sort()).toEqual(
      [...Object.keys(bare.bigquery!), 'apiEndpoint', 'jobProject', 'location', 'storageEndpoint'].sort(),
    );
    expect(full.bigquery?.maximumBytesBilled, 'shown as the default it is').toBe(bare.bigquery?.maximumBytesBilled);
    expect(full.bigquery?.pricePerTiB).toBe(bare.bigquery?.pricePerTiB);
  });

  it('offers examples that load when their comments are taken off', () => {
    const text = configTemplate(facts).replaceAll(
      /^( *)# ((?:history|tagNamespaces|aliases|rules|drivers|pools|metrics|resources|cloudBilling): ?|  - \{)/gm,
      '$1$2',
    );
    const written = parseConfig(text, '/company/worthwhile.yaml');
    expect(written.attribution.aliases).toHaveLength(1);
    expect(written.attribution.rules).toHaveLength(1);
    expect(written.catalog.history).toHaveLength(1);
    expect(written.drivers.map(({ files, bigquery }) => [files?.length, bigquery?.project])).toEqual([
      [1, undefined],
      [undefined, 'acme-data'],
    ]);
    expect(written.metrics).toHaveLength(2);
    expect(written.pools.map(({ method }) => method)).toEqual(['driver', 'proportional', 'fixed']);
    expect(written.cloudBilling).toEqual({ accounts: ['010101-F0FFF0-61C528'], skuCatalog: true });
    expect(written.resources.memory).toBe('4GB');
  });

  it('offers Backstage instead of files, with the keys it has', () => {
    const text = configTemplate(facts)
      .replace(/^ {2}files: .*$/m, '')
      .replace('  # backstage:', '  backstage:');
    expect(parseConfig(text, '/company/worthwhile.yaml').catalog.backstage).toEqual({
      url: 'https://backstage.acme.com',
      tokenEnv: 'BACKSTAGE_TOKEN',
      maxAgeMinutes: 60,
    });
  });

  it('names every key there is', () => {
    const text = configTemplate(facts);
    const unnamed = Object.keys(configSchema.shape).filter((key) => !new RegExp(`^#? ?${key}:`, 'm').test(text));
    expect(unnamed).toEqual([]);
  });
});
