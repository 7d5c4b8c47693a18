import type { ReactElement } from 'react';
import { formatMonth } from '../format.ts';
import { Icon } from './icons.tsx';

interface MonthPickerProps {
  label: string;
  month: string;
  /** Newest first. */
  months: readonly { month: string; isOpen: boolean }[];
  onChange: (month: string) => void;
}

/** One month of those that have data, with steps to its neighbours. */
export function MonthPicker({ label, month, months, onChange }: MonthPickerProps): ReactElement {
  const at = months.findIndex((one) => one.month === month);
  const older = months[at + 1]?.month;
  const newer = at > 0 ? months[at - 1]?.month : undefined;
  return (
    <fieldset className="month-picker" aria-label={label}>
      <button
        type="button"
        className="icon-button"
        aria-label="Earlier month"
        disabled={!older}
        onClick={() => older && onChange(older)}
      >
        <Icon name="left" />
      </button>
      <select aria-label={label} value={month} onChange={(event) => onChange(event.target.value)}>
        {at === -1 && <option value={month}>{formatMonth(month)}</option>}
        {months.map((one) => (
          <option key={one.month} value={one.month}>
            {formatMonth(one.month)}
            {one.isOpen ? ' (open)' : ''}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="icon-button"
        aria-label="Later month"
        disabled={!newer}
        onClick={() => newer && onChange(newer)}
      >
        <Icon name="right" />
      </button>
    </fieldset>
  );
}
