import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react';

/** The console's address: a path and its parameters. Routing is this small on purpose; there are five routes. */
export interface Address {
  path: string;
  params: URLSearchParams;
}

const changed = 'vedette:navigate';

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(changed, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(changed, listener);
  };
}

const here = () => location.pathname + location.search;

export function useAddress(): Address {
  const url = new URL(useSyncExternalStore(subscribe, here), location.origin);
  return { path: url.pathname, params: url.searchParams };
}

/** Goes to a path of the console; `replace` leaves no step behind for the Back button. */
export function navigate(to: string, options?: { replace?: boolean }): void {
  if (to === here()) return;
  if (options?.replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  dispatchEvent(new Event(changed));
}

/** Whether a click on a link is ours to handle, and not a wish for a new tab or window. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;
}

export function Link({ to, onClick, children, ...rest }: { to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return (
    <a
      href={to}
      onClick={(event) => {
        onClick?.(event);
        if (!isPlainClick(event)) return;
        event.preventDefault();
        navigate(to);
      }}
      {...rest}
    >
      {children}
    </a>
  );
}
