import type { ReactElement, ReactNode } from 'react';
import type { Run } from '../../api/contract/index.ts';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatInstant,
  formatMoney,
  formatNumber,
} from '../format.ts';
import { longestStages, OUTCOME_WORDS, whatItDid } from '../run-words.ts';
import { Icon } from './icons.tsx';
import { Prose } from './prose.tsx';
import { Scroll } from './scroll.tsx';

/** One run: a line that says how it ended and what it did, which unfolds to everything that is known of it. */
export function RunEntry({ run, now, open }: { run: Run; now: number; open: boolean }): ReactElement {
  const { word, tone, icon } = OUTCOME_WORDS[run.outcome];
  const lasted = run.outcome === 'running' ? now - Date.parse(run.startedAt) : run.durationMs;
  return (
    <details className="run" open={open}>
      <summary>
        <span className="run-outcome">
          <span className={`tag ${tone}`}>
            <Icon name={icon} size={13} />
            {word}
          </span>
        </span>
        <span className="run-when">
          <strong>{formatInstant(run.startedAt)}</strong>
          <span className="sub">
            <code>{run.command}</code> {run.trigger === 'schedule' ? 'by the schedule' : 'from a command line'},{' '}
            {formatAgo(Date.parse(run.startedAt), now)}
          </span>
        </span>
        <span className="run-did">{whatItDid(run)}</span>
        <span className="run-lasted">{lasted === null ? 'no end known' : formatDuration(lasted)}</span>
      </summary>
      <div className="run-body">
        {run.outcome === 'running' && <Going run={run} />}
        {run.outcome === 'interrupted' && run.endedAt === null && (
          <p>Last heard of {formatInstant(run.updatedAt)}. The next run goes on with what is missing.</p>
        )}
        {run.error && <ErrorOf error={run.error} />}
        <Facts run={run} />
        {run.sources.length > 0 && <Sources run={run} />}
        <Listed title="Skipped" lines={run.skipped.map(({ what, why }) => `${what}: ${why}`)} />
        <Listed title="Warnings" lines={run.warnings} />
        <Stages run={run} />
      </div>
    </details>
  );
}

function Going({ run: { step } }: { run: Run }): ReactElement {
  if (!step) return <p className="muted">It has just begun.</p>;
  const label = `Progress of ${step.name}`;
  return (
    <div className="run-going">
      <span>{step.name}</span>
      {step.fraction === null ? (
        <progress aria-label={label} />
      ) : (
        <progress aria-label={label} max={1} value={step.fraction} />
      )}
    </div>
  );
}

function ErrorOf({ error }: { error: NonNullable<Run['error']> }): ReactElement {
  return (
    <div className="run-error">
      <p>
        <strong>
          <Prose text={error.reason} />
        </strong>
      </p>
      {error.on && <p className="muted">On {error.on}</p>}
      {error.next && (
        <p>
          Next: <Prose text={error.next} />
        </p>
      )}
    </div>
  );
}

function Facts({ run }: { run: Run }): ReactElement {
  const { build, catalog, pulled } = run;
  const facts: [string, ReactNode][] = [
    ['Ended', run.endedAt ? formatInstant(run.endedAt) : run.outcome === 'running' ? 'not yet' : 'not known'],
  ];
  if (run.exitCode !== null) facts.push(['Exit code', run.exitCode]);
  if (run.error) facts.push(['Error', <code key="code">{run.error.code}</code>]);
  if (catalog && catalog.status !== 'none') {
    facts.push([
      'Catalog',
      `${formatNumber(catalog.components)} components, ${formatNumber(catalog.squads)} squads (${catalog.status})`,
    ]);
  }
  if (pulled) facts.push(['Queries', formatNumber(pulled.queries)]);
  if (build?.published)
    facts.push(['Build', `${formatDuration(build.durationMs)}, ${formatNumber(build.checksPassed)} checks hold`]);
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Sources({ run }: { run: Run }): ReactElement {
  const isPulled = run.pulled !== null;
  return (
    <Scroll label={`Sources of run ${run.id}`}>
      <table className="table">
        <caption className="visually-hidden">What this run took in, by source</caption>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col" className="number">
              Rows
            </th>
            <th scope="col" className="number">
              Size
            </th>
            <th scope="col" className="number">
              Partitions landed
            </th>
            <th scope="col" className="number">
              Unchanged
            </th>
            {isPulled && (
              <>
                <th scope="col" className="number">
                  Billed
                </th>
                <th scope="col" className="number">
                  Price
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {run.sources.map((source) => (
            <tr key={source.name}>
              <th scope="row">
                {source.name}
                <span className="sub">{source.kind}</span>
              </th>
              <td className="number">{formatNumber(source.rows)}</td>
              <td className="number">{formatBytes(source.bytes)}</td>
              <td className="number">
                {formatNumber(source.landed)}
                {source.replaced > 0 && <span className="sub">{formatNumber(source.replaced)} replaced</span>}
              </td>
              <td className="number">
                {formatNumber(source.unchanged)}
                {source.missing > 0 && <span className="sub">{formatNumber(source.missing)} gone at the source</span>}
              </td>
              {isPulled && <Price pulled={source.pulled} />}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Price({ pulled }: { pulled: Run['sources'][number]['pulled'] }): ReactElement {
  return (
    <>
      <td className="number">{pulled ? formatBytes(pulled.bytesBilled) : 'files'}</td>
      <td className="number">
        {pulled ? formatMoney(pulled.priceUsd, 'USD') : '–'}
        {pulled?.transfer && <span className="sub">{pulled.transfer}</span>}
      </td>
    </>
  );
}

function Listed({ title, lines }: { title: string; lines: string[] }): ReactElement | null {
  if (lines.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul className="run-lines">
        {lines.map((line, index) => (
          <li key={index}>
            <Prose text={line} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Stages({ run }: { run: Run }): ReactElement | null {
  const { stages, others } = longestStages(run);
  if (stages.length === 0) return null;
  return (
    <details>
      <summary>Where the build&apos;s time went</summary>
      <Scroll label={`Stages of run ${run.id}`}>
        <table className="table">
          <caption className="visually-hidden">Stages of the build, the longest first</caption>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col" className="number">
                Time
              </th>
              <th scope="col" className="number">
                Rows
              </th>
            </tr>
          </thead>
          <tbody>
            {stages.map((stage) => (
              <tr key={stage.name}>
                <th scope="row">{stage.name}</th>
                <td className="number">{formatDuration(stage.ms)}</td>
                <td className="number">{stage.rows === null ? '' : formatNumber(stage.rows)}</td>
              </tr>
            ))}
            {others.count > 0 && (
              <tr>
                <th scope="row">{formatCount(others.count, 'shorter one')}</th>
                <td className="number">{formatDuration(others.ms)}</td>
                <td />
              </tr>
            )}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}
