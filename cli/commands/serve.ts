import type { Command } from 'commander';
import { reportReady, stopRequested } from '../../runtime/child-process.js';
import type { ShownWorld } from '../../server/dependencies.js';
import { withSession, type Session } from '../session.js';

/** The environment variable by which a supervisor tells the site what world it shows. */
export const worldVariable = 'TIDEMARK_SHOWN_WORLD';

/** The world that a supervisor said is shown; null where none did. */
async function shownWorld(session: Session): Promise<ShownWorld | null> {
  const kind = session.environment[worldVariable];
  if (kind === 'recorded') return { kind, thingsToNotice: () => Promise.resolve([]) };
  if (kind !== 'generated') return null;
  const { readAnswers } = await import('../demo/worlds.js');
  const { thingsToNotice } = await import('../demo/things-to-notice.js');
  const answers = await readAnswers(session.configuration.TIDEMARK_STATE_DIRECTORY);
  return {
    kind,
    thingsToNotice: async () => (answers === null ? [] : thingsToNotice(await session.pool(), answers)),
  };
}

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
          // Only this command pays for loading the site.
          const { startServer } = await import('../../server/start-server.js');
          const server = await startServer({
            configuration,
            log,
            databaseUrl: session.databaseUrl,
            demo: await shownWorld(session),
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
