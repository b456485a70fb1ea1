import { Button, MessageBar, MessageBarBody, Skeleton, SkeletonItem, Tab, TabList } from '@fluentui/react-components';
import { DocumentSearchRegular, OpenRegular } from '@fluentui/react-icons';
import { useCallback, useState } from 'react';
import { api } from '../api/client';
import type { Incident } from '../api/types';
import { CopyButton, Empty, ErrorBar, Time } from '../parts/Basics';
import { PageHeader } from '../parts/PageHeader';
import { SeverityPill, StatusPill, productName, spaced } from '../parts/Pills';
import { Link } from '../shell/router';
import { useResource } from '../shell/useResource';
import { Activity } from './Activity';
import { Alerts } from './Alerts';
import { assetsOf } from './assets';
import { Entities } from './Entities';

type View = 'alerts' | 'entities' | 'activity';

const above = [{ to: '/incidents', text: 'Incidents' }];

/** One incident: what is known of it at the left, its alerts, entities and history at the right. */
export function IncidentPage({ id }: { id: string }) {
  const load = useCallback((signal: AbortSignal) => api.incident(id, signal), [id]);
  const incident = useResource(load, 15_000);
  const [view, setView] = useState<View>('alerts');
  const i = incident.data;

  if (!i) {
    return (
      <div className="page">
        <PageHeader above={above} title={`Incident ${id}`} />
        {incident.error?.status === 404 ? (
          <Empty icon={<DocumentSearchRegular />} title="There is no such incident">
            <p>{incident.error.message}</p>
            <p>
              It may not have been collected yet. <Link to="/incidents">Back to the queue</Link>
            </p>
          </Empty>
        ) : incident.error ? (
          <ErrorBar error={incident.error} retry={incident.reload} />
        ) : (
          <Skeleton aria-label="Loading the incident" className="stack page-skeleton">
            <SkeletonItem size={28} />
            <SkeletonItem style={{ height: 240 }} />
          </Skeleton>
        )}
      </div>
    );
  }
  const events = (i.history?.length ?? 0) + (i.comments?.length ?? 0);
  return (
    <div className="page">
      <PageHeader
        above={above}
        title={<span className="clip">{i.title}</span>}
        refresh={incident}
        actions={
          <>
            <CopyButton label="Copy the link to this incident" text={() => location.href}>
              Copy link
            </CopyButton>
            {i.url.startsWith('https://') && (
              <Button size="small" as="a" href={i.url} target="_blank" rel="noreferrer noopener" icon={<OpenRegular />}>
                Open in Defender
              </Button>
            )}
          </>
        }
      />
      {incident.error && <ErrorBar error={incident.error} retry={incident.reload} title="What you see is not current." />}
      {i.redirectedTo && (
        <MessageBar intent="info">
          <MessageBarBody>
            Defender merged this incident into <Link to={`/incidents/${encodeURIComponent(i.redirectedTo)}`}>incident {i.redirectedTo}</Link>.
          </MessageBarBody>
        </MessageBar>
      )}
      <div className="incident">
        <About incident={i} />
        <div className="incident-right">
          <TabList className="incident-tabs" selectedValue={view} onTabSelect={(_, d) => setView(d.value as View)}>
            <Tab value="alerts">Alerts ({i.alertList?.length ?? i.alerts})</Tab>
            <Tab value="entities">Entities ({assetsOf(i).length})</Tab>
            <Tab value="activity">Activity ({events})</Tab>
          </TabList>
          <div className="incident-view">
            {view === 'alerts' && <Alerts alerts={i.alertList ?? []} />}
            {view === 'entities' && <Entities incident={i} />}
            {view === 'activity' && <Activity incident={i} />}
          </div>
        </div>
      </div>
    </div>
  );
}

function About({ incident: i }: { incident: Incident }) {
  const facts: [string, React.ReactNode][] = [
    ['Severity', <SeverityPill key="s" value={i.severity} />],
    ['Status', <StatusPill key="t" value={i.status} />],
    ['In Defender', spaced(i.defenderStatus || '–')],
    ['Assigned to', i.owner || 'Unassigned'],
    ['Classification', spaced(i.classification || 'Not set')],
    ['Determination', spaced(i.determination || 'Not set')],
    ['Incident id', <span key="i" className="tabular">{i.id}</span>],
    ['First activity', <Time key="f" value={i.firstActivity} />],
    ['Last activity', <Time key="l" value={i.lastActivity} />],
    ['Created', <Time key="c" value={i.created} />],
    ['Last update', <Time key="u" value={i.lastUpdate} />],
  ];
  return (
    <aside className="incident-about" aria-label="About this incident">
      <dl className="about-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <AboutList title="Tags" values={i.tags} name={(tag) => tag} />
      <AboutList title="Tactics" values={i.tactics} />
      <AboutList title="Products" values={i.products} name={productName} />
      {(i.description || i.summary) && (
        <section>
          <h2>Description</h2>
          {i.description && <p className="prose">{i.description}</p>}
          {i.summary && i.summary !== i.description && <p className="prose">{i.summary}</p>}
        </section>
      )}
    </aside>
  );
}

function AboutList({ title, values, name = spaced }: { title: string; values: string[] | null; name?: (value: string) => string }) {
  if (!values || values.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <div className="chips">
        {values.map((v) => (
          <span key={v} className="chip">
            {name(v)}
          </span>
        ))}
      </div>
    </section>
  );
}
