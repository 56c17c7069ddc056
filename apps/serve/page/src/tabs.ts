import type { Page } from './state.js';

/** Tabs as the ARIA practices describe them: arrow keys move, the chosen one is in the tab order. */
export function startTabs(page: Page): void {
  const tabs = [...document.querySelectorAll<HTMLButtonElement>('[role=tab]')];
  const panelOf = (tab: HTMLElement) => tab.getAttribute('aria-controls') ?? '';
  const show = () => {
    for (const tab of tabs) {
      const on = panelOf(tab) === page.now.panel;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
      const panel = document.getElementById(panelOf(tab));
      if (panel) panel.hidden = !on;
    }
  };
  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener('click', () => page.set({ panel: panelOf(tab) }));
    tab.addEventListener('keydown', (event) => {
      const moves: Readonly<Record<string, number>> = {
        ArrowRight: at + 1,
        ArrowLeft: at - 1,
        Home: 0,
        End: tabs.length - 1,
      };
      const to = moves[event.key];
      const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
      if (!next) return;
      event.preventDefault();
      page.set({ panel: panelOf(next) });
      next.focus();
    });
  }
  page.on(['panel'], show);
  show();
}
