import { useState, type ReactElement } from 'react';
import { Icon, type IconName } from './icons.tsx';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const ICONS: Record<Theme, IconName> = { system: 'auto', light: 'sun', dark: 'moon' };

/** Key shared with `public/theme.js`, which applies the choice before first paint. */
const KEY = 'worthwhile.theme';

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is blocked: the choice lasts until the page is left.
  }
}

/** System, light, dark, in turn. */
export function ThemeButton(): ReactElement {
  const [theme, setTheme] = useState<Theme>(
    () => (document.documentElement.dataset['theme'] as Theme | undefined) ?? 'system',
  );
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  const change = (): void => {
    apply(next);
    setTheme(next);
  };
  return (
    <button
      type="button"
      className="icon-button quiet"
      onClick={change}
      aria-label={`Theme: ${theme}. Change to ${next}`}
      title={`Theme: ${theme}`}
    >
      <Icon name={ICONS[theme]} />
    </button>
  );
}
