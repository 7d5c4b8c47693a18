import type { ReactElement } from 'react';
import { formatMoney } from '../format.ts';
import type { ChartData } from '../series.ts';
import { Scroll } from '../parts/scroll.tsx';

/** The chart's figures as a table: one row a period, newest first. */
export function TrendTable({
  data,
  currency,
  label,
}: {
  data: ChartData;
  currency: string | null;
  label: string;
}): ReactElement {
  const money = (value: string | null): string => (value === null ? 'no data' : formatMoney(value, currency));
  return (
    <Scroll label={label} maxHeight={420}>
      <table className="table">
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            <th scope="col">Period</th>
            <th scope="col" className="number">
              Total
            </th>
            {data.series.length > 1 &&
              data.series.map((one) => (
                <th key={one.key} scope="col" className="number">
                  {one.name}
                </th>
              ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.toReversed().map((row) => (
            <tr key={row.period}>
              <th scope="row" className="nowrap">
                {row.title}
                {row.note && <span className="sub">{row.note}</span>}
              </th>
              <td className="number">{money(row.total)}</td>
              {data.series.length > 1 &&
                data.series.map((one, place) => (
                  <td key={one.key} className="number">
                    {money(row.exact[place] ?? null)}
                  </td>
                ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
