import { Button, Tooltip } from '@fluentui/react-components';
import { ArrowClockwiseRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { Fragment, type ReactNode } from 'react';
import { useZone } from '../shell/preferences';
import { Link } from '../shell/router';
import { formatTime } from './format';

interface Props {
  title: ReactNode;
  /** The pages above this one, outermost first. */
  above?: { to: string; text: string }[];
  note?: ReactNode;
  actions?: ReactNode;
  refresh?: { reload: () => void; loading: boolean; at: number };
}

/** A page's title with the way back, what can be done on it, and when it was last read. */
export function PageHeader({ title, above, note, actions, refresh }: Props) {
  return (
    <div className="page-header">
      {above && (
        <nav className="crumbs" aria-label="Breadcrumb">
          {above.map((page) => (
            <Fragment key={page.to}>
              <Link to={page.to}>{page.text}</Link>
              <ChevronRightRegular aria-hidden />
            </Fragment>
          ))}
        </nav>
      )}
      <div className="page-title">
        <h1>{title}</h1>
        {note && <span className="page-note">{note}</span>}
        <span className="grow" />
        {actions}
        {refresh && <Refresh {...refresh} />}
      </div>
    </div>
  );
}

function Refresh({ reload, loading, at }: { reload: () => void; loading: boolean; at: number }) {
  const zone = useZone();
  return (
    <span className="refresh">
      <span className="muted tabular">{at > 0 && `Updated ${formatTime(new Date(at).toISOString(), zone, 0).slice(11)}`}</span>
      <Tooltip content="Refresh now" relationship="label">
        <Button
          appearance="subtle"
          size="small"
          icon={<ArrowClockwiseRegular className={loading && at === 0 ? 'spin' : undefined} />}
          onClick={reload}
        />
      </Tooltip>
    </span>
  );
}
