import {
  AppsRegular,
  CloudRegular,
  DesktopRegular,
  DocumentRegular,
  FingerprintRegular,
  GlobeRegular,
  KeyRegular,
  LinkRegular,
  MailRegular,
  PersonRegular,
  SquareHintRegular,
  WindowConsoleRegular,
} from '@fluentui/react-icons';

const icons: [RegExp, React.ReactNode][] = [
  [/process/i, <WindowConsoleRegular key="p" />],
  [/registry/i, <KeyRegular key="k" />],
  [/url|domain/i, <LinkRegular key="l" />],
  [/^ip/i, <GlobeRegular key="i" />],
  [/user|account/i, <PersonRegular key="u" />],
  [/device|host|machine/i, <DesktopRegular key="d" />],
  [/mail|message/i, <MailRegular key="m" />],
  [/app|oauth/i, <AppsRegular key="a" />],
  [/file|script/i, <DocumentRegular key="f" />],
  [/cloud|azure|amazon|google|blob|container/i, <CloudRegular key="c" />],
  [/hash|certificate/i, <FingerprintRegular key="h" />],
];

/** A picture for a kind of evidence. */
export function EvidenceIcon({ type }: { type: string }) {
  const known = icons.find(([pattern]) => pattern.test(type));
  return <span className="evidence-icon">{known ? known[1] : <SquareHintRegular />}</span>;
}
