import { FluentProvider, Spinner } from '@fluentui/react-components';
import { lazy, Suspense, useEffect } from 'react';
import { ConnectorsPage } from './connectors/ConnectorsPage';
import { XdrPage } from './connectors/XdrPage';
import { IncidentPage } from './incidents/IncidentPage';
import { IncidentsPage } from './incidents/IncidentsPage';
import { Boundary } from './shell/Boundary';
import { NotFound } from './shell/NotFound';
import { readStored, useDark, writeStored } from './shell/preferences';
import { navigate, useAddress } from './shell/router';
import { Shell } from './shell/Shell';
import { darkTheme, lightTheme } from './shell/themes';

const HuntingPage = lazy(() => import('./hunting/HuntingPage').then((m) => ({ default: m.HuntingPage })));

/** Leads from the bare address to the section that was open last; a first visit starts where data comes in. */
function Home() {
  useEffect(() => navigate(readStored('vedette.section', '/connectors/defender-xdr'), { replace: true }), []);
  return null;
}

function Page({ path }: { path: string }) {
  const parts = path.split('/').filter(Boolean);
  const [section, id] = parts;
  if (parts.length === 0) return <Home />;
  if (parts.length === 1 && section === 'connectors') return <ConnectorsPage />;
  if (parts.length === 2 && section === 'connectors' && id === 'defender-xdr') return <XdrPage />;
  if (parts.length === 1 && section === 'hunting') return <HuntingPage />;
  if (parts.length === 1 && section === 'incidents') return <IncidentsPage />;
  if (parts.length === 2 && section === 'incidents' && id) return <IncidentPage key={id} id={decodeURIComponent(id)} />;
  return <NotFound />;
}

export function App() {
  const dark = useDark();
  const { path } = useAddress();
  useEffect(() => {
    const section = /^\/(hunting|incidents|connectors)/.exec(path)?.[0];
    if (section) writeStored('vedette.section', section === '/connectors' ? '/connectors/defender-xdr' : section);
  }, [path]);
  return (
    // Fluent gives its own class names to what it opens above the page; the page's layout must not follow there.
    <FluentProvider theme={dark ? darkTheme : lightTheme} style={{ height: '100%' }}>
      <Shell path={path}>
        <Boundary key={path}>
          <Suspense fallback={<Spinner className="page-spinner" label="Loading" />}>
            <Page path={path} />
          </Suspense>
        </Boundary>
      </Shell>
    </FluentProvider>
  );
}
