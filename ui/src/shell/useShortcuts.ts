import { useEffect } from 'react';
import { navigate } from './router';

/** The keyboard shortcuts, as the help dialog lists them. */
export const shortcuts: { keys: string[]; does: string; where: string }[] = [
  { keys: ['g', 'h'], does: 'Go to Hunting', where: 'Everywhere' },
  { keys: ['g', 'i'], does: 'Go to Incidents', where: 'Everywhere' },
  { keys: ['g', 'c'], does: 'Go to Data connectors', where: 'Everywhere' },
  { keys: ['/'], does: 'Search on this page', where: 'Everywhere' },
  { keys: ['?'], does: 'Show these shortcuts', where: 'Everywhere' },
  { keys: ['Shift', 'Enter'], does: 'Run the selection, or the query at the cursor', where: 'Query editor' },
  { keys: ['Ctrl', 'Enter'], does: 'Run, the same', where: 'Query editor' },
  { keys: ['Ctrl', 'Space'], does: 'Suggest tables, columns and functions', where: 'Query editor' },
  { keys: ['Shift', 'Alt', 'F'], does: 'Format the query', where: 'Query editor' },
  { keys: ['Ctrl', 'M'], does: 'Let Tab leave the editor, or indent again', where: 'Query editor' },
  { keys: ['↑', '↓', '←', '→'], does: 'Move between cells', where: 'Results' },
  { keys: ['Enter'], does: 'Open the row', where: 'Results' },
  { keys: ['Ctrl', 'C'], does: 'Copy the cell; with Shift, the row', where: 'Results' },
];

const pages: Record<string, string> = { h: '/hunting', i: '/incidents', c: '/connectors' };

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

/** Listens for the shortcuts that hold everywhere. `/` goes to the element marked data-search. */
export function useShortcuts(showHelp: () => void): void {
  useEffect(() => {
    let pending = 0;
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '?') {
        event.preventDefault();
        showHelp();
      } else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('[data-search] input, input[data-search]');
        if (!search) return;
        event.preventDefault();
        search.focus();
        search.select();
      } else if (event.key === 'g') {
        pending = event.timeStamp;
      } else if (pending > 0) {
        const page = event.timeStamp - pending < 1500 ? pages[event.key] : undefined;
        pending = 0;
        if (page) {
          event.preventDefault();
          navigate(page);
        }
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [showHelp]);
}
