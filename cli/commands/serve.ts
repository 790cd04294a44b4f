import type { Command } from 'commander';
import { reportReady, stopRequested } from '../../runtime/child-process.js';
import { withSession } from '../session.js';

/** The environment variable by which a supervisor tells the site what world it shows. */
export const worldVariable = 'TIDEMARK_SHOWN_WORLD';

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('the site and the HTTP API, until it is told to stop')
    .action((_: unknown, self: Command) =>
      withSession(
        self,
        async (session) => {
          const { configuration, log, output } = session;
          const stop = stopRequested();
          const shown = session.environment[worldVariable];
          // Only this command pays for loading the site.
          const { startServer } = await import('../../server/start-server.js');
          const server = await startServer({
            configuration,
            log,
            databaseUrl: session.databaseUrl,
            demo: shown === 'generated' || shown === 'recorded' ? { kind: shown } : null,
          });
          if (process.connected) reportReady();
          output.progress(`The overview is at ${server.url}/`);
          const reason = await stop;
          log.root.info({ reason }, 'The site stops');
          await server.stop();
        },
        'configured',
      ),
    );
}
