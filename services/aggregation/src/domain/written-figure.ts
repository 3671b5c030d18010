import { createHash } from 'node:crypto';
import type { Figure } from './make-figure.js';

/** A figure as it is stored: its parts as text, ready for sets of thousands. */
export interface WrittenFigure {
  readonly state: Figure['state'];
  readonly code: string | null;
  readonly pence: bigint | null;
  readonly points: string | null;
  readonly values: string;
  readonly inputs: string;
  readonly explanation: string;
  /** Equal for equal results from equal inputs. */
  readonly fingerprint: string;
}

export function writeFigure(figure: Figure): WrittenFigure {
  const values = JSON.stringify(figure.values);
  const inputs = JSON.stringify(figure.inputs);
  const said = `${figure.state}\n${figure.code ?? ''}\n${figure.pence ?? ''}\n${figure.points ?? ''}\n${values}\n${inputs}`;
  return {
    state: figure.state,
    code: figure.code,
    pence: figure.pence,
    points: figure.points,
    values,
    inputs,
    explanation: JSON.stringify(figure.explanation),
    fingerprint: createHash('sha1').update(said).digest('base64url'),
  };
}
