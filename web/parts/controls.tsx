import { useEffect, useId, useRef, useState, type ReactElement, type RefObject } from 'react';

/** Pixels; positions are rounded. */
const SCROLL_TOLERANCE = 2;

interface Option<Value extends string> {
  value: Value;
  label: string;
}
interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
}

/** Few choices, all visible; arrow keys move between them. */
export function Segments<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>): ReactElement {
  const name = useId();
  const box = useRef<HTMLFieldSetElement>(null);
  const hasMore = useMoreBeyond(box);
  return (
    <fieldset className="segments" ref={box} data-more={hasMore}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

/** Whether an element can be scrolled further to its end. */
function useMoreBeyond(box: RefObject<HTMLElement | null>): boolean {
  const [hasMore, setHasMore] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void =>
      setHasMore(element.scrollLeft + element.clientWidth < element.scrollWidth - SCROLL_TOLERANCE);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [box]);
  return hasMore;
}

/** Many choices, one visible. */
export function Select<Value extends string>(props: ChoiceProps<Value> & { hideLabel?: boolean }): ReactElement {
  const { label, value, options, onChange, hideLabel = false } = props;
  const id = useId();
  return (
    <span className="field">
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as Value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  );
}
