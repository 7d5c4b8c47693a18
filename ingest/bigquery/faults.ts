import { WorthwhileError, type ErrorCode } from '../../core/errors.ts';

/** What a failure was about, for its message. */
export interface FaultScene {
  /** `project.dataset.table`, or the name of a query. */
  on: string;
  jobProject: string;
  location: string | null;
  maximumBytesBilled: bigint;
}

/** The parts of Google's HTTP and gRPC errors, and of Node's, that say what happened. */
interface Fault {
  code: number | string | null;
  reason: string;
  message: string;
  grpc: boolean;
}

const RETRYABLE_HTTP = new Set([408, 429, 500, 502, 503, 504]);
const RETRYABLE_REASONS = new Set([
  'backendError',
  'internalError',
  'rateLimitExceeded',
  'jobRateLimitExceeded',
  'jobBackendError',
  'jobInternalError',
  'tableUnavailable',
]);
const FINAL_REASONS = new Set([
  'quotaExceeded',
  'accessDenied',
  'notFound',
  'invalidQuery',
  'billingNotEnabled',
  'bytesBilledLimitExceeded',
  'responseTooLarge',
  'billingTierLimitExceeded',
]);
const NETWORK =
  /^(ECONN(RESET|REFUSED|ABORTED)|ETIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ERR_STREAM_PREMATURE_CLOSE|ESOCKETTIMEDOUT)$/;
const CUT_OFF =
  /premature close|socket hang up|network timeout|aborted|terminated|ECONNRESET|invalid json response body|Unexpected end of JSON/i;
/** gRPC: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE; CANCELLED and UNKNOWN stand for a cut connection. */
const RETRYABLE_GRPC = new Set([1, 2, 4, 8, 10, 13, 14]);

/** Whether the same request may succeed a little later. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof WorthwhileError) return false;
  const { code, reason, message, grpc } = faultOf(error);
  if (FINAL_REASONS.has(reason)) return false;
  if (grpc) return RETRYABLE_GRPC.has(code as number);
  if (typeof code === 'number') return RETRYABLE_HTTP.has(code) || RETRYABLE_REASONS.has(reason);
  return RETRYABLE_REASONS.has(reason) || NETWORK.test(code ?? '') || CUT_OFF.test(message);
}

/** Whether the Storage Read API itself is what this account may not use, so that paged results are the way. */
export function isStorageReadRefused(error: unknown): boolean {
  const { code, grpc } = faultOf(error);
  return grpc && (code === 7 || code === 12);
}

/** Google's job states carry a reason and a message, and no HTTP status. */
export class JobFailure extends Error {
  readonly errors: { reason: string; message: string }[];
  constructor({ reason = 'unknown', message = 'the job failed' }: { reason?: string; message?: string }) {
    super(message);
    this.errors = [{ reason, message }];
  }
}

/** Any failure of BigQuery as one that names the role or setting to mend. Errors of ours pass through. */
export function explainFault(error: unknown, scene: FaultScene): WorthwhileError {
  if (error instanceof WorthwhileError) return error;
  const fault = faultOf(error);
  const { code, reason, fix } = verdict(fault, scene);
  return new WorthwhileError(code, reason, { on: scene.on, fix, cause: error });
}

interface Verdict {
  code: ErrorCode;
  reason: string;
  fix: string;
}

function verdict(fault: Fault, scene: FaultScene): Verdict {
  const { code, reason, message } = fault;
  const said = firstLine(message);
  if (/could not load the default credentials|unable to detect a project id/i.test(message)) {
    return {
      code: 'SECRET_MISSING',
      reason: 'no Google credentials were found on this machine',
      fix: 'run `gcloud auth application-default login`, or point GOOGLE_APPLICATION_CREDENTIALS at a key file, or run where a service account is attached',
    };
  }
  if (
    code === 401 ||
    (fault.grpc && code === 16) ||
    /invalid_grant|invalid_rapt|reauth|token has been expired/i.test(message)
  ) {
    return {
      code: 'SOURCE_FORBIDDEN',
      reason: `Google did not accept the credentials; they have expired or were revoked (${said})`,
      fix: 'run `gcloud auth application-default login` and try again',
    };
  }
  if (reason === 'bytesBilledLimitExceeded' || /exceeded limit for bytes billed|maximum bytes billed/i.test(message)) {
    return {
      code: 'COST_GUARD',
      reason: `the query would read more than \`maximumBytesBilled\` allows (${said})`,
      fix: 'raise `maximumBytesBilled` of this source, or pull less with --since',
    };
  }
  if (reason === 'quotaExceeded' || /quota exceeded/i.test(message)) {
    return {
      code: 'SOURCE_FORBIDDEN',
      reason: `a quota of project ${scene.jobProject} is used up (${said})`,
      fix: 'run again later, raise the quota (often "Query usage per day"), or name another `jobProject`',
    };
  }
  if (/billing.*(not|hasn't).*enabled/i.test(`${reason} ${message}`) || reason === 'billingNotEnabled') {
    return {
      code: 'SOURCE_FORBIDDEN',
      reason: `billing is not enabled for project ${scene.jobProject} (${said})`,
      fix: 'name a `jobProject` that has billing enabled',
    };
  }
  if (/not found in location|was not found in location|location .* (is not|mismatch)/i.test(message)) {
    return {
      code: 'SOURCE_NOT_FOUND',
      reason: `the dataset is not in location ${scene.location ?? '(not given)'} (${said})`,
      fix: "leave `location` out, so that it is asked of the table, or set it to the dataset's own, such as EU or us-central1",
    };
  }
  if (code === 403 || reason === 'accessDenied' || (fault.grpc && code === 7)) return forbidden(said, scene);
  if (code === 404 || reason === 'notFound' || (fault.grpc && code === 5)) {
    return {
      code: 'SOURCE_NOT_FOUND',
      reason: `the table, dataset or project was not found (${said})`,
      fix: 'correct `project`, `dataset` and `table`; in table names the hyphens of the billing account are underscores (gcp_billing_export_resource_v1_010101_F0FFF0_61C528), and a linked dataset must be linked in the project named',
    };
  }
  if (reason === 'invalidQuery' || code === 400) {
    return {
      code: 'SOURCE_FORBIDDEN',
      reason: `BigQuery refused the query (${said})`,
      fix: 'see the message; the query or the table is not what was expected',
    };
  }
  return {
    code: 'SOURCE_UNREACHABLE',
    reason: `BigQuery did not answer (${said || String(code)})`,
    fix: 'check the network, and https://status.cloud.google.com, then run again; what has landed is kept and not pulled twice',
  };
}

function forbidden(said: string, { jobProject, on }: FaultScene): Verdict {
  if (/bigquery\.jobs\.create|jobs\.create/i.test(said)) {
    return {
      code: 'SOURCE_FORBIDDEN',
      reason: `this account may not run queries in project ${jobProject} (${said})`,
      fix: `grant it roles/bigquery.jobUser on project ${jobProject}, or name another \`jobProject\``,
    };
  }
  if (/readsessions/i.test(said)) {
    return {
      code: 'SOURCE_FORBIDDEN',
      reason: `this account may not use the Storage Read API in project ${jobProject} (${said})`,
      fix: `grant it roles/bigquery.readSessionUser on project ${jobProject}, or set \`storageRead: never\``,
    };
  }
  return {
    code: 'SOURCE_FORBIDDEN',
    reason: `access was denied (${said})`,
    fix: `grant this account roles/bigquery.dataViewer on the dataset of ${on} and roles/bigquery.jobUser on project ${jobProject}`,
  };
}

function faultOf(error: unknown): Fault {
  const { code, status, errors, message, cause, details, metadata } = (error ?? {}) as {
    code?: number | string;
    status?: number;
    errors?: { reason?: string; message?: string }[];
    message?: string;
    cause?: unknown;
    details?: unknown;
    metadata?: unknown;
  };
  const grpc = typeof code === 'number' && code <= 16 && (metadata !== undefined || details !== undefined);
  const inner = (cause as { code?: string } | undefined)?.code;
  const numeric = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code;
  return {
    code: numeric ?? status ?? inner ?? null,
    reason: errors?.[0]?.reason ?? '',
    message: errors?.[0]?.message ?? message ?? String(error),
    grpc,
  };
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.slice(0, 300);
}
