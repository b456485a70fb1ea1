import {
  CheckmarkCircleFilled,
  CircleHintRegular,
  DismissCircleFilled,
  ErrorCircleFilled,
  SpinnerIosRegular,
} from '@fluentui/react-icons';
import type { ConnectorStatus, PartState } from '../api/types';

/** A severity with the coloured bar of the Defender queue; the word carries the meaning, the colour repeats it. */
export function SeverityPill({ value }: { value: string }) {
  return (
    <span className={`severity severity-${value.toLowerCase()}`}>
      <span className="severity-bar" aria-hidden />
      {value}
    </span>
  );
}

/** An incident's or alert's status: New, Active, In progress, Resolved, Closed. */
export function StatusPill({ value }: { value: string }) {
  const key = value.toLowerCase().replaceAll(/[^a-z]/g, '');
  return (
    <span className={`status status-${key}`}>
      <span className="status-dot" aria-hidden />
      {spaced(value)}
    </span>
  );
}

const states: Record<ConnectorStatus | PartState, { text: string; kind: string }> = {
  connected: { text: 'Connected', kind: 'good' },
  connecting: { text: 'Connecting', kind: 'busy' },
  disconnected: { text: 'Disconnected', kind: 'idle' },
  off: { text: 'Not connected', kind: 'idle' },
  error: { text: 'Error', kind: 'bad' },
};

/** The state of a connector or of one of its parts. */
export function StatePill({ value }: { value: ConnectorStatus | PartState }) {
  const { text, kind } = states[value] ?? { text: value, kind: 'idle' };
  return (
    <span className={`state state-${kind}`}>
      {kind === 'good' && <CheckmarkCircleFilled />}
      {kind === 'busy' && <SpinnerIosRegular className="spin" />}
      {kind === 'idle' && <CircleHintRegular />}
      {kind === 'bad' && <ErrorCircleFilled />}
      {text}
    </span>
  );
}

/** What Defender makes of a piece of evidence. */
export function VerdictPill({ value }: { value: string }) {
  const key = value.toLowerCase();
  const kind = key === 'malicious' ? 'bad' : key === 'suspicious' ? 'warn' : 'idle';
  return (
    <span className={`verdict verdict-${kind}`}>
      {kind === 'bad' && <DismissCircleFilled />}
      {spaced(value)}
    </span>
  );
}

const acronyms = /\b(?:ip|url|dns|os|id|sid|upn|md5|sha1|sha256|aad|mfa|oauth|usb)\b/gi;

/** "inProgress" → "In progress", "ipAddress" → "IP address": Graph's enumerations as one reads them. Text with spaces stays. */
export function spaced(value: string): string {
  const text = value.trim();
  if (text.includes(' ')) return text;
  const words = text.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  const upper = words.replaceAll(acronyms, (a) => a.toUpperCase());
  return upper.charAt(0).toUpperCase() + upper.slice(1);
}

const products: Record<string, string> = {
  microsoftDefenderForEndpoint: 'Microsoft Defender for Endpoint',
  microsoftDefenderForIdentity: 'Microsoft Defender for Identity',
  microsoftDefenderForCloudApps: 'Microsoft Defender for Cloud Apps',
  microsoftDefenderForOffice365: 'Microsoft Defender for Office 365',
  microsoftDefenderForCloud: 'Microsoft Defender for Cloud',
  microsoft365Defender: 'Microsoft Defender XDR',
  azureAdIdentityProtection: 'Microsoft Entra ID Protection',
  microsoftAppGovernance: 'Microsoft App Governance',
  microsoftSentinel: 'Microsoft Sentinel',
  dataLossPrevention: 'Microsoft Purview DLP',
  // What SecurityAlert still calls them.
  'Microsoft Defender Advanced Threat Protection': 'Microsoft Defender for Endpoint',
  'Azure Advanced Threat Protection': 'Microsoft Defender for Identity',
  'Microsoft Cloud App Security': 'Microsoft Defender for Cloud Apps',
  'Office 365 Advanced Threat Protection': 'Microsoft Defender for Office 365',
  'Azure Active Directory Identity Protection': 'Microsoft Entra ID Protection',
  'Microsoft Data Loss Prevention': 'Microsoft Purview DLP',
};

/** A product by its name, whether Graph's enumeration, Sentinel's older name or the name itself was given. */
export function productName(value: string): string {
  return products[value] ?? spaced(value);
}
