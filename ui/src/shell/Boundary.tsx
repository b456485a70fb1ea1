import { Button } from '@fluentui/react-components';
import { ErrorCircleRegular } from '@fluentui/react-icons';
import { Component, type ReactNode } from 'react';
import { Empty } from '../parts/Basics';

/** Keeps a page that fails from taking the whole console with it. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Empty icon={<ErrorCircleRegular />} title="This page failed">
        <p>{error.message}</p>
        <p>Reload it. If Vedette was updated meanwhile, that also loads the new console.</p>
        <Button appearance="primary" onClick={() => location.reload()}>
          Reload
        </Button>
      </Empty>
    );
  }
}
