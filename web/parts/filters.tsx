import type { ReactElement } from 'react';
import { DIMENSIONS } from '../../api/contract/index.ts';
import { DIMENSION_LABELS } from '../search.ts';
import { Icon } from './icons.tsx';
import { useMeta } from './meta.tsx';
import { Select } from './controls.tsx';
import { useSettings } from './settings.ts';

/** What narrows the page, each with a way to take it off. */
export function Filters(): ReactElement | null {
  const [search, change] = useSettings();
  const active = DIMENSIONS.filter((dimension) => search[dimension] !== undefined);
  if (active.length === 0) return null;
  return (
    <ul className="chips" aria-label="Filters" style={{ marginBottom: 16 }}>
      {active.map((dimension) => (
        <li key={dimension} className="chip">
          <span>
            {DIMENSION_LABELS[dimension]} <b>{search[dimension]}</b>
          </span>
          <button
            type="button"
            aria-label={`Remove filter ${DIMENSION_LABELS[dimension]} ${search[dimension]}`}
            onClick={() => change({ [dimension]: undefined })}
          >
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Shown only where there is more than one: amounts of two currencies are never added. */
export function CurrencyPicker(): ReactElement | null {
  const { currencies, defaultCurrency } = useMeta();
  const [search, change] = useSettings();
  if (currencies.length < 2) return null;
  return (
    <Select
      label="Currency"
      hideLabel
      value={search.currency ?? defaultCurrency ?? ''}
      options={currencies.map((one) => ({ value: one.BillingCurrency, label: one.BillingCurrency }))}
      onChange={(currency) => change({ currency: currency === defaultCurrency ? undefined : currency })}
    />
  );
}
