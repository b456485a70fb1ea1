import {
  Badge,
  Button,
  Menu,
  MenuGroup,
  MenuGroupHeader,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  MessageBar,
  MessageBarBody,
  Tooltip,
} from '@fluentui/react-components';
import {
  CodeTextFilled,
  CodeTextRegular,
  KeyboardRegular,
  NavigationRegular,
  PlugConnectedFilled,
  PlugConnectedRegular,
  SettingsRegular,
  ShieldErrorFilled,
  ShieldErrorRegular,
} from '@fluentui/react-icons';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { api } from '../api/client';
import type { Status } from '../api/types';
import { formatBytes, formatCount } from '../parts/format';
import { setPreferences, usePreferences, type ThemeChoice, type Zone } from './preferences';
import { Link } from './router';
import { ShortcutsDialog } from './ShortcutsDialog';
import { useResource } from './useResource';
import { useShortcuts } from './useShortcuts';

const sections = [
  { to: '/incidents', text: 'Incidents', icon: <ShieldErrorRegular />, active: <ShieldErrorFilled />, keys: 'g i' },
  { to: '/hunting', text: 'Hunting', icon: <CodeTextRegular />, active: <CodeTextFilled />, keys: 'g h' },
  { to: '/connectors', text: 'Data connectors', icon: <PlugConnectedRegular />, active: <PlugConnectedFilled />, keys: 'g c' },
];

export function Shell({ path, children }: { path: string; children: ReactNode }) {
  const [help, setHelp] = useState(false);
  const showHelp = useCallback(() => setHelp(true), []);
  useShortcuts(showHelp);
  const { navCollapsed } = usePreferences();
  const status = useResource(api.status, 15_000);
  const section = sections.find((s) => path === s.to || path.startsWith(s.to + '/'));
  useEffect(() => {
    document.title = section ? `${section.text} · Vedette` : 'Vedette';
  }, [section]);

  return (
    <div className="app">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="top">
        <Tooltip content={navCollapsed ? 'Widen the menu' : 'Narrow the menu'} relationship="label">
          <Button
            appearance="transparent"
            className="top-button"
            icon={<NavigationRegular />}
            aria-expanded={!navCollapsed}
            onClick={() => setPreferences({ navCollapsed: !navCollapsed })}
          />
        </Tooltip>
        <Link to="/" className="brand" aria-label="Vedette, home">
          <img src="/favicon.svg" alt="" width={22} height={22} />
          Vedette
        </Link>
        <Tenant status={status.data} />
        <span className="grow" />
        <Tooltip content="Keyboard shortcuts (?)" relationship="label">
          <Button appearance="transparent" className="top-button" icon={<KeyboardRegular />} onClick={showHelp} />
        </Tooltip>
        <Settings />
      </header>
      <nav className={navCollapsed ? 'nav nav-narrow' : 'nav'} aria-label="Sections">
        {sections.map((s) => (
          <Tooltip key={s.to} content={`${s.text} (${s.keys})`} relationship={navCollapsed ? 'label' : 'description'} positioning="after" showDelay={600}>
            <Link to={s.to} className="nav-link" aria-current={s === section ? 'page' : undefined}>
              {s === section ? s.active : s.icon}
              <span className="nav-text">{s.text}</span>
            </Link>
          </Tooltip>
        ))}
        <span className="grow" />
        {status.data && !navCollapsed && (
          <div className="nav-foot">
            <div>{formatCount(status.data.store.rows)} rows kept</div>
            <div>
              {formatBytes(status.data.store.bytes)} on disk · {status.data.version}
            </div>
          </div>
        )}
      </nav>
      <main id="main" className="main" tabIndex={-1}>
        {status.error && (
          <MessageBar intent="error" className="problem" role="alert">
            <MessageBarBody>
              {status.error.message} <span className="hint">{status.error.hint}</span>
            </MessageBarBody>
          </MessageBar>
        )}
        {status.data?.problems?.map((p) => (
          <MessageBar key={p.message} intent={p.severity} className="problem" layout="multiline">
            <MessageBarBody>
              {p.message} {p.hint && <span className="hint">{p.hint}</span>}
            </MessageBarBody>
          </MessageBar>
        ))}
        {children}
      </main>
      <ShortcutsDialog open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function Tenant({ status }: { status: Status | undefined }) {
  if (!status) return null;
  const names = status.tenants.map((t) => t.name || t.id).join(', ');
  return (
    <span className="tenant" title={status.tenants.map((t) => `${t.name}\n${t.id}`).join('\n\n')}>
      <span className="tenant-divider" aria-hidden />
      {names}
      {status.demo && (
        <Badge appearance="tint" color="warning" size="medium" className="tenant-demo">
          Demo tenant
        </Badge>
      )}
    </span>
  );
}

function Settings() {
  const { theme, zone } = usePreferences();
  return (
    <Menu
      checkedValues={{ theme: [theme], zone: [zone] }}
      onCheckedValueChange={(_, { name, checkedItems }) => {
        if (name === 'theme') setPreferences({ theme: checkedItems[0] as ThemeChoice });
        if (name === 'zone') setPreferences({ zone: checkedItems[0] as Zone });
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="transparent" className="top-button" icon={<SettingsRegular />} aria-label="Settings" title="Settings" />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>Theme</MenuGroupHeader>
            <MenuItemRadio name="theme" value="system">
              As the system
            </MenuItemRadio>
            <MenuItemRadio name="theme" value="light">
              Light
            </MenuItemRadio>
            <MenuItemRadio name="theme" value="dark">
              Dark
            </MenuItemRadio>
          </MenuGroup>
          <MenuGroup>
            <MenuGroupHeader>Times</MenuGroupHeader>
            <MenuItemRadio name="zone" value="utc">
              UTC
            </MenuItemRadio>
            <MenuItemRadio name="zone" value="local">
              Local time
            </MenuItemRadio>
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
