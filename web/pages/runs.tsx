import { Link } from '@tanstack/react-router';
import { useContext, type ReactElement } from 'react';
import type { Run, RunsAnswer } from '../../api/contract/index.ts';
import { formatAgo, formatInstant } from '../format.ts';
import { Card } from '../parts/card.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { MetaContext } from '../parts/meta.tsx';
import { More } from '../parts/more.tsx';
import { RunEntry } from '../parts/run.tsx';
import { useRuns } from '../parts/run-list.ts';
import { Snippet } from '../parts/snippet.tsx';
import { Empty, Failed, SkeletonRows } from '../parts/states.tsx';
import { OUTCOME_WORDS } from '../run-words.ts';

/** What ran, on what, what it took and how it ended. It needs no generation, so that a first run that failed can be seen. */
export function RunsPage(): ReactElement {
  const meta = useContext(MetaContext);
  const list = useRuns(meta?.generation ?? null);
  const { runs, schedule, asOf } = list;
  const newest = runs?.[0];
  return (
    <>
      <PageHead
        title="Runs"
        above={[
          <Link key="data" to="/data">
            Data
          </Link>,
        ]}
        lead={<Lead runs={runs} now={asOf} />}
      />
      <output className="visually-hidden">{newest && `Last run: ${OUTCOME_WORDS[newest.outcome].word}`}</output>
      <div className="stack">
        {runs && <Schedule schedule={schedule} hasRun={runs.length > 0} />}
        <Card
          title="Run history"
          note="Newest first; open a run for its sources, what it skipped and where its time went"
          flush
        >
          {list.error ? (
            <Failed error={list.error} retry={list.retry} />
          ) : !runs ? (
            <SkeletonRows rows={6} />
          ) : runs.length === 0 ? (
            <NothingYet isScheduled={schedule !== null} />
          ) : (
            <>
              {runs.map((run, index) => (
                <RunEntry key={run.id} run={run} now={asOf} open={index === 0 && opensByItself(run)} />
              ))}
              <More listed={list} shown={runs.length} />
            </>
          )}
        </Card>
      </div>
    </>
  );
}

const opensByItself = ({ outcome }: Run): boolean => outcome !== 'done';

function Lead({ runs, now }: { runs: Run[] | null; now: number }): ReactElement {
  const [newest] = runs ?? [];
  const good = runs?.find(({ outcome }) => outcome === 'done' || outcome === 'skipped');
  if (!newest) return <>{runs ? 'Nothing has run yet' : 'What ran, on what, and how it ended'}</>;
  const began = formatAgo(Date.parse(newest.startedAt), now);
  const goodAt = good ? formatAgo(Date.parse(good.startedAt), now) : null;
  if (newest.outcome === 'running') return <>A run began {began} and goes on</>;
  if (newest === good)
    return (
      <>
        The last run, {began}, is {OUTCOME_WORDS[newest.outcome].word}
      </>
    );
  return (
    <>
      The last run, {began}, {newest.outcome === 'failed' ? 'failed' : 'was interrupted'};{' '}
      {goodAt ? `the last that ended well began ${goodAt}` : 'none has ended well'}
    </>
  );
}

function Schedule({ schedule, hasRun }: { schedule: RunsAnswer['schedule']; hasRun: boolean }): ReactElement | null {
  if (!schedule) {
    if (!hasRun) return null;
    return (
      <p className="muted">
        This server begins no runs by itself; a scheduler calls <code>worthwhile run</code>, or{' '}
        <code>worthwhile serve --schedule &apos;0 6 * * *&apos;</code> does.
      </p>
    );
  }
  return (
    <Card title="Schedule" note="Kept by this server">
      <dl className="facts">
        <div>
          <dt>Times</dt>
          <dd>
            <code>{schedule.expression}</code> ({schedule.timezone})
          </dd>
        </div>
        <div>
          <dt>Next run</dt>
          <dd>{schedule.nextRunAt ? formatInstant(schedule.nextRunAt) : 'none'}</dd>
        </div>
      </dl>
      {schedule.missed.length > 0 && (
        <details>
          <summary>Missed since this server began: {schedule.missed.length}</summary>
          <ul className="run-lines">
            {schedule.missed.map(({ at, why }) => (
              <li key={at}>
                {formatInstant(at)}: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function NothingYet({ isScheduled }: { isScheduled: boolean }): ReactElement {
  return (
    <Empty title="Nothing has run yet">
      <p>A run takes in what is new, builds, checks and publishes. Begin one by hand:</p>
      <Snippet text="npx worthwhile run" label="command of a run" />
      {isScheduled ? (
        <p>Or wait for the next time of the schedule above.</p>
      ) : (
        <>
          <p>To have it every day, give that line to your scheduler, or let this server do it:</p>
          <Snippet text="npx worthwhile serve --schedule '0 6 * * *'" label="command of a server with a schedule" />
          <p>
            <code>docs/scheduling.md</code> has a crontab, a systemd timer, a Kubernetes CronJob and a Cloud Run job.
          </p>
        </>
      )}
    </Empty>
  );
}
