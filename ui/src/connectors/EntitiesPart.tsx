import { Button, Checkbox, Spinner, Switch } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { api } from '../api/client';
import type { Connector } from '../api/types';
import { Part, useChange } from './Part';

/** Part 2: user entities of the on-premises directory. */
export function EntitiesPart({ connector, onChange }: { connector: Connector; onChange: (c: Connector) => void }) {
  const part = connector.entities;
  const [enabled, setEnabled] = useState(part.enabled);
  const [directory, setDirectory] = useState(part.activeDirectory);
  const { busy, problem, apply } = useChange(onChange);
  useEffect(() => {
    setEnabled(part.enabled);
    setDirectory(part.activeDirectory);
  }, [part.enabled, part.activeDirectory]);
  const changed = enabled !== part.enabled || directory !== part.activeDirectory;
  return (
    <Part
      n={2}
      title="Connect entities"
      state={part.state}
      lead="Syncs user entities from your on-premises Active Directory, through Microsoft Defender for Identity, so that accounts in events and incidents can be recognised as people."
    >
      {problem}
      <div className="checks">
        <Switch checked={enabled} onChange={(_, d) => setEnabled(d.checked)} label="User and entity behaviour analytics (UEBA)" />
        <Checkbox disabled={!enabled} checked={directory} onChange={(_, d) => setDirectory(d.checked === true)} label="Active Directory (Preview)" />
      </div>
      {part.note && <p className="muted">{part.note}</p>}
      <div className="part-actions">
        <Button
          appearance="primary"
          disabled={!changed || busy}
          icon={busy ? <Spinner size="extra-tiny" /> : undefined}
          onClick={() => void apply(() => api.putEntities({ enabled, activeDirectory: enabled && directory }))}
        >
          Apply
        </Button>
      </div>
    </Part>
  );
}
