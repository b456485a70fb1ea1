import { Button, Checkbox, Spinner } from '@fluentui/react-components';
import { useState } from 'react';
import { api } from '../api/client';
import type { Connector } from '../api/types';
import { huntingLink } from '../hunting/deeplink';
import { Time } from '../parts/Basics';
import { formatCount, formatSeconds } from '../parts/format';
import { Link } from '../shell/router';
import { Facts, Part, PartError, useChange } from './Part';

const verify = 'SecurityIncident\n| where ProviderName == "Microsoft 365 Defender"';

/** Part 1: incidents with their alerts. */
export function IncidentsPart({ connector, onChange }: { connector: Connector; onChange: (c: Connector) => void }) {
  const part = connector.incidents;
  const [turnOff, setTurnOff] = useState(part.enabled ? part.disableIncidentCreationRules : true);
  const { busy, problem, apply } = useChange(onChange);
  const set = (enabled: boolean) => apply(() => api.putIncidents({ enabled, disableIncidentCreationRules: enabled ? turnOff : part.disableIncidentCreationRules }));
  return (
    <Part
      n={1}
      title="Connect incidents and alerts"
      state={part.state}
      lead="Brings every Microsoft Defender XDR incident with all its alerts, entities and evidence into the incident queue, and keeps following each one as it changes."
    >
      <PartError error={part.lastError} />
      {problem}
      {part.enabled ? (
        <>
          <Facts
            items={[
              ['Received', formatCount(part.received)],
              ['Last update', <Time key="t" value={part.lastEvent} ago />],
              ['Lag', formatSeconds(part.lagSeconds)],
              ['Microsoft incident creation rules', part.disableIncidentCreationRules ? 'Off for these products' : 'On'],
            ]}
          />
          <p className="muted">
            Verify: <Link to={huntingLink(verify)}>SecurityIncident | where ProviderName == "Microsoft 365 Defender"</Link>
          </p>
        </>
      ) : (
        <div>
          <Checkbox
            checked={turnOff}
            onChange={(_, d) => setTurnOff(d.checked === true)}
            label="Turn off all Microsoft incident creation rules for these products. Recommended."
          />
          <p className="check-note muted">
            Here this means: Vedette makes no incident of its own from an alert that Defender XDR has already put into one. Left on, the same attack can stand in
            the queue twice, once as Defender's incident and once as ours. Rules of your own are not touched.
          </p>
        </div>
      )}
      <div className="part-actions">
        {part.enabled ? (
          <Button disabled={busy} icon={busy ? <Spinner size="extra-tiny" /> : undefined} onClick={() => void set(false)}>
            Disconnect incidents &amp; alerts
          </Button>
        ) : (
          <Button appearance="primary" disabled={busy} icon={busy ? <Spinner size="extra-tiny" /> : undefined} onClick={() => void set(true)}>
            Connect incidents &amp; alerts
          </Button>
        )}
      </div>
    </Part>
  );
}
