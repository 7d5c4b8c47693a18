import { createApp } from '../../api/app.ts';
import {
  questions,
  type AnswerOf,
  type ParamsOf,
  type QueryOf,
  type QuestionName,
  type RunsAnswer,
} from '../../api/contract/index.ts';
import { openWarehouse, type Warehouse } from '../../api/warehouse/hub.ts';
import { runHistory } from '../../core/run-record.ts';
import type { Workspace } from '../../core/workspace.ts';
import { publishGeneration, temporaryWorkspace, type GenerationOptions } from './warehouse.ts';

export const DECISIONS = {
  BillingCurrency: 'USD',
  engineerYearlyCost: 200_000,
  horizonMonths: 12,
  discountRate: 0.1,
  materialityEngineers: 0.5,
};

export interface TestApi {
  workspace: Workspace;
  warehouse: Warehouse;
  app: ReturnType<typeof createApp>;
  warnings: string[];
  /** Asks a question and parses the answer by its contract; a status other than 200 throws the problem. */
  ask: <Name extends QuestionName>(
    name: Name,
    query?: QueryOf<Name>,
    params?: ParamsOf<Name>,
  ) => Promise<AnswerOf<Name>>;
  get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  close: () => Promise<void>;
}

export interface TestApiOptions extends GenerationOptions {
  /** False leaves the workspace without a generation. */
  publish?: boolean;
  webRoot?: string;
  schedule?: () => RunsAnswer['schedule'];
  deadlineMs?: number;
  /** True prepares rollups, as a serving process does, and waits for them. */
  rollups?: boolean;
}

export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const { workspace, remove } = temporaryWorkspace();
  if (options.publish !== false) await publishGeneration(workspace, 1, options);
  const warnings: string[] = [];
  const effects = {
    now: () => new Date('2026-09-21T12:00:00Z'),
    progress: () => {},
    warn: (message: string) => void warnings.push(message),
  };
  const warehouse = await openWarehouse(
    { workspace, threads: 2, pollMs: 0, rollups: options.rollups ?? false },
    effects,
  );
  await warehouse.settled();
  const app = createApp({
    warehouse,
    decisions: DECISIONS,
    history: runHistory(workspace),
    ...(options.schedule && { schedule: options.schedule }),
    webRoot: options.webRoot ?? null,
    effects,
    ...(options.deadlineMs !== undefined && { deadlineMs: options.deadlineMs }),
  });
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    app.request(path, { headers });
  return {
    workspace,
    warehouse,
    app,
    warnings,
    get,
    ask: async (name, query, params) => {
      const path = questions[name].path.replaceAll(/\{(\w+)\}/g, (_, key: string) =>
        encodeURIComponent(String((params as Record<string, unknown>)[key])),
      );
      const search = new URLSearchParams(
        Object.entries(query ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
      );
      const response = await get(`${path}?${search}`);
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
      return questions[name].answer.parse(await response.json()) as never;
    },
    close: async () => {
      await warehouse.close();
      remove();
    },
  };
}
