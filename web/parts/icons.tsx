import type { ReactElement } from 'react';

const paths = {
  overview: 'M2.5 13.5V9m3.700 4.500V4m3.700 9.500V6.500m3.600 7V2.500',
  squads:
    'M5.800 7.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400ZM1.800 13.200c0-2.200 1.800-3.700 4-3.700s4 1.500 4 3.700M10.800 7.200a2 2 0 0 0 0-4M11.600 9.700c1.600.4 2.600 1.700 2.600 3.500',
  components:
    'M8 1.800l5.500 3.100v6.200L8 14.200l-5.500-3.100V4.900L8 1.800Zm0 6.200l5.500-3.100M8 8v6.200M8 8L2.500 4.900',
  chargeback: 'M3.500 1.800h9v12.400l-2.200-1.300L8 14.200l-2.300-1.300-2.200 1.300V1.800ZM6 5.300h4M6 8.300h4',
  shared:
    'M8 6.300a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400Zm0 0v3m0 0L3.800 12M8 9.300l4.200 2.700M8 9.300v3.500M2.900 14.100a1.200 1.200 0 1 0 0-2.400 1.200 1.200 0 0 0 0 2.400Zm5.100.600a1.200 1.200 0 1 0 0-2.400 1.200 1.200 0 0 0 0 2.400Zm5.100-.600a1.200 1.200 0 1 0 0-2.400 1.200 1.200 0 0 0 0 2.400Z',
  unallocated: 'M8.700 1.900l5.400 5.400-6.200 6.300L2 7.700V1.900h6.700ZM5.300 5.200h.01',
  data: 'M13.200 4c0 1.200-2.300 2.100-5.200 2.100S2.800 5.200 2.800 4 5.100 1.900 8 1.900s5.200.9 5.200 2.100Zm0 0v8c0 1.200-2.300 2.100-5.200 2.100S2.800 13.200 2.800 12V4m10.400 4c0 1.200-2.300 2.100-5.200 2.100S2.800 9.200 2.800 8',
  runs: 'M2.200 8a5.800 5.800 0 1 0 1.900-4.300L2.200 5.500M2.200 2v3.500h3.500M8 4.800V8l2.300 1.600',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.600-1.400L14 14',
  menu: 'M2.500 4.500h11M2.500 8h11M2.500 11.500h11',
  close: 'M4 4l8 8m0-8l-8 8',
  up: 'M8 13V3.500M4 7.300l4-4 4 4',
  down: 'M8 3v9.500M4 8.700l4 4 4-4',
  sort: 'M4 6.500l4 4 4-4',
  left: 'M10 3.500L5.500 8l4.500 4.500',
  right: 'M6 3.500L10.500 8 6 12.500',
  check: 'M3 8.500l3.300 3.300L13 4.800',
  alert: 'M8 2l6.300 11.500H1.700L8 2Zm0 4.700v3M8 11.600h.01',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-6.500v3.500M8 5.100h.01',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.500v1.300m0 10.400v1.300M1.500 8h1.300m10.400 0h1.300M3.400 3.400l.9.9m7.400 7.400l.9.9m0-9.200l-.9.9M4.300 11.700l-.9.9',
  moon: 'M13.500 9.600A6 6 0 0 1 6.400 2.500a6 6 0 1 0 7.100 7.100Z',
  auto: 'M2 3h12v8H2V3Zm4 11h4m-2-3v3',
  download: 'M8 2v8m-3.500-3.200L8 10.300l3.500-3.500M2.500 13.500h11',
  copy: 'M5.500 5.500V2.500h8v8h-3m-8-5h8v8h-8v-8Z',
} as const;
export type IconName = keyof typeof paths;

/** A line icon in the colour of its text. It says nothing to a screen reader; the text beside it does. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): ReactElement {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** The product's mark. */
export function Mark(): ReactElement {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M7 11l4.500 11L16 12l4.500 10L25 11"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
