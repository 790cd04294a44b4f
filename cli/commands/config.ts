import { Argument, type Command } from 'commander';
import { asFields } from '../fields.js';
import { completionScript, shells, type Shell } from '../completion.js';
import { table } from '../output.js';
import { withSession } from '../session.js';

export function addConfigCommands(program: Command): void {
  program
    .command('config')
    .description('the settings')
    .command('show')
    .description('every setting in force, and where it comes from; secrets are not shown')
    .action((_: unknown, self: Command) =>
      withSession(self, (session) => {
        const settings = session.configuration.show();
        session.output.data(settings.map(asFields), () =>
          table(
            ['setting', 'value', 'from'],
            settings.map(({ name, value, origin }) => [name, value, origin]),
          ),
        );
        return Promise.resolve();
      }),
    );
  program
    .command('completion')
    .addArgument(new Argument('<shell>').choices([...shells]))
    .description('a script that completes commands and options; source it in the shell’s profile')
    .action((shell: Shell) => {
      process.stdout.write(completionScript(program, shell));
    });
}
