import type { ComponentChildren, VNode } from 'preact';
import type { Scope } from '../../../store/api-keys.js';
import type { ToldProblem } from '../../problems.js';
import type { Viewer } from './viewer.js';

/** What a form was refused for; read out by assistive technology as the page opens. */
export function Refusal({ problem }: { problem: ToldProblem | null }): VNode | null {
  if (problem === null) return null;
  return (
    <div class="notice notice-failure" role="alert">
      <p>
        <strong>{problem.title}.</strong> {problem.detail}
      </p>
      {problem.errors.length < 2 ? null : (
        <ul>
          {problem.errors.map(({ pointer, detail }) => (
            <li key={pointer}>
              <code>{pointer.slice(1)}</code>: {detail}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A part of the page that is not to be had at the moment, and what goes on all the same. */
export function Partial({ children }: { children: ComponentChildren }): VNode {
  return (
    <p class="notice notice-warning" role="status">
      {children}
    </p>
  );
}

export function Empty({ children }: { children: ComponentChildren }): VNode {
  return <p class="empty">{children}</p>;
}

const takes: Readonly<Record<Scope, string>> = {
  read: 'any key',
  write: 'a key of an analyst, operator or admin',
  operate: 'a key of an operator or admin',
  admin: 'a key of an admin',
};

/** The controls for whoever may use them, and for others a word why they are not there. */
export function Allowed({
  viewer,
  scope,
  to,
  children,
}: {
  viewer: Viewer;
  scope: Scope;
  /** What it would allow, such as «decide about insights». */
  to: string;
  children: ComponentChildren;
}): VNode {
  if (viewer.may(scope)) return <>{children}</>;
  return (
    <p class="quiet">
      You can look but not {to}: that takes {takes[scope]}.
    </p>
  );
}
