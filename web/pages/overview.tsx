import { useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Dimension } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { formatCount, formatDay } from '../format.ts';
import { filtersOf } from '../search.ts';
import { CoverageCard } from '../parts/coverage-card.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { CompanyLink } from '../parts/links.tsx';
import { useMeta } from '../parts/meta.tsx';
import { NoData } from '../parts/no-data.tsx';
import { useScope } from '../parts/scope.ts';
import { useSettings } from '../parts/settings.ts';
import { SpendControls, SpendSections } from '../parts/spend-page.tsx';

/** Everything the company spends. */
export function OverviewPage(): ReactElement {
  const meta = useMeta();
  const [search] = useSettings();
  // Coverage is the whole company's: beside filtered figures it would be read as theirs.
  const isWhole = Object.keys(filtersOf(search)).length === 0;
  const dimensions = useDimensions();
  if (meta.lastDay === null) {
    return (
      <>
        <PageHead title={meta.company} />
        <NoData />
      </>
    );
  }
  return (
    <>
      <PageHead
        title={meta.company}
        lead={`Spend by usage day, ${meta.timezone} clock${meta.lastCompleteDay ? `; complete to ${formatDay(meta.lastCompleteDay)}` : ''}`}
        actions={<SpendControls />}
      />
      <SpendSections
        page={{}}
        dimensions={dimensions}
        range="13m"
        withCoverage={isWhole}
        beside={isWhole && <CoverageCard />}
      />
    </>
  );
}

/** Begins with the largest whole that the catalog knows: tribes, else squads, else what the provider calls things. */
function useDimensions(): Dimension[] {
  const { data } = useAnswer('organisation', { query: {} });
  const rest: Dimension[] = ['service', 'skuGroup', 'component', 'system', 'project', 'category'];
  if (!data || data.tribes.length > 0) return ['tribe', 'squad', ...rest];
  if (data.squadsWithoutTribe.length > 0) return ['squad', ...rest, 'tribe'];
  return [...rest, 'tribe', 'squad'];
}

/** What the squads of one tribe spend. */
export function TribePage(): ReactElement {
  const { tribeId } = useParams({ from: '/tribes/$tribeId' });
  const { company } = useMeta();
  const { currency } = useScope({});
  const organisation = useAnswer('organisation', { query: currency ? { currency } : {} });
  const tribe = organisation.data?.tribes.find((one) => one.TribeId === tribeId);
  return (
    <>
      <PageHead
        title={tribe?.TribeName ?? tribeId}
        above={[<CompanyLink key="company">{company}</CompanyLink>]}
        lead={tribe ? `Tribe of ${formatCount(tribe.squads.length, 'squad')}` : <>&nbsp;</>}
        actions={<SpendControls />}
      />
      <SpendSections
        key={tribeId}
        page={{ tribe: tribeId }}
        range="13m"
        dimensions={['squad', 'service', 'skuGroup', 'component', 'system', 'project', 'category']}
      />
    </>
  );
}
