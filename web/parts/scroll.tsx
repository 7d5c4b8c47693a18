import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';

interface ScrollProps {
  label: string;
  maxHeight?: number;
  children: ReactNode;
}

/** Scrolls what is wider (or higher) than its place. Only then is it a stop for the keyboard, so that arrow keys can scroll it. */
export function Scroll({ label, maxHeight, children }: ScrollProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void =>
      setOverflows(element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  const reachable = overflows ? { tabIndex: 0, role: 'region', 'aria-label': `${label}, scrolls` } : {};
  return (
    <div
      ref={box}
      className="table-scroll"
      style={maxHeight ? { maxHeight, overflowY: 'auto' } : undefined}
      {...reachable}
    >
      {children}
    </div>
  );
}
