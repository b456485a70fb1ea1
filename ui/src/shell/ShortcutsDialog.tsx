import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-components';
import { Fragment } from 'react';
import { shortcuts } from './useShortcuts';

export function ShortcutsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const places = [...new Set(shortcuts.map((s) => s.where))];
  return (
    <Dialog open={open} onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className="shortcuts">
        <DialogBody>
          <DialogTitle>Keyboard shortcuts</DialogTitle>
          <DialogContent>
            {places.map((place) => (
              <section key={place}>
                <h3>{place}</h3>
                <dl className="shortcut-list">
                  {shortcuts
                    .filter((s) => s.where === place)
                    .map((s) => (
                      <Fragment key={s.does}>
                        <dt>
                          {s.keys.map((k) => (
                            <kbd key={k}>{k}</kbd>
                          ))}
                        </dt>
                        <dd>{s.does}</dd>
                      </Fragment>
                    ))}
                </dl>
              </section>
            ))}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              Close
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
