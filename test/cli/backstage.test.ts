import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { standIn, status, type Entity } from '../ingest/catalog/backstage-stand-in.ts';
import { detailedRows, workbench } from '../ingest/workbench.ts';
import { worthwhile } from './shell.ts';

const TOKEN = 'very-secret-token';
const entity = (kind: string, name: string, spec: object): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default', annotations: {} },
  spec,
});

describe('a run over a Backstage that stops answering', () => {
  it('publishes with the last good catalog, exits with 3 and says so; the token is nowhere', async () => {
    const api = await standIn([
      entity('Group', 'lists', { type: 'squad', children: [] }),
      entity('Component', 'playlist-api', { type: 'service', lifecycle: 'production', owner: 'lists' }),
    ]);
    const { folder, path, writeParquet } = workbench();
    await writeParquet('export/a.parquet', detailedRows());
    writeFileSync(
      path('worthwhile.yaml'),
      `sources: [{ name: bill, kind: gcp-billing-detailed, files: ['./export/**/*'] }]
catalog: { backstage: { url: '${api.url}', tokenEnv: BACKSTAGE_TOKEN_OF_TEST, maxAgeMinutes: 0 } }\n`,
    );
    const unset = await worthwhile(folder, 'run');
    process.env['BACKSTAGE_TOKEN_OF_TEST'] = TOKEN;
    try {
      const first = await worthwhile(folder, 'run');
      const healthy = await worthwhile(folder, 'doctor');
      const body = JSON.stringify({ error: { name: 'AuthenticationError', message: `bad token ${TOKEN}` } });
      api.faults = Array.from({ length: 4 }, () => status(401, {}, body));
      await writeParquet('export/b.parquet', detailedRows({ cost: '7::DOUBLE' }));
      const second = await worthwhile(folder, 'run', '--verbose');
      const ill = await worthwhile(folder, 'doctor', '--verbose');

      expect([unset.code, first.code, healthy.code, second.code, ill.code]).toEqual([1, 0, 0, 3, 1]);
      expect(unset.err).toContain('the environment variable BACKSTAGE_TOKEN_OF_TEST holds no token');
      expect(first.out).toContain('catalog: 1 components, 1 squads (loaded)');
      expect(healthy.out).toContain(`backstage: ${api.url} answers; 2 entities`);
      expect(second.out).toContain('as loaded before: it could not be read');
      expect(second.err).toMatch(/asks for a valid token \(HTTP 401\); ownership stays as loaded on \d{4}-\d{2}-\d{2}/);
      expect(ill.out).toContain('put a valid token into the environment variable BACKSTAGE_TOKEN_OF_TEST');
      const said = [unset, first, healthy, second, ill].map(({ out, err }) => out + err).join('');
      expect(said).not.toContain(TOKEN);
    } finally {
      delete process.env['BACKSTAGE_TOKEN_OF_TEST'];
    }
  });
});
