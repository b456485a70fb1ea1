import { DocumentSearchRegular } from '@fluentui/react-icons';
import { Empty } from '../parts/Basics';
import { Link } from './router';

export function NotFound() {
  return (
    <Empty icon={<DocumentSearchRegular />} title="There is no such page">
      <p>
        Go to <Link to="/incidents">Incidents</Link>, <Link to="/hunting">Hunting</Link> or{' '}
        <Link to="/connectors">Data connectors</Link>.
      </p>
    </Empty>
  );
}
