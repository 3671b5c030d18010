import { describe, expect, it } from '@jest/globals';
import { HandlerTable } from './handler-table.js';

const handle = () => Promise.resolve();

describe('how many records are applied together', () => {
  it('are 2,000 unless a handler asks for fewer', () => {
    const table = new HandlerTable();
    table.add('approvals', ['approval.signed.v1'], handle);
    expect(table.mostOf('approvals')).toBe(2_000);
    expect(table.mostOf('declarations')).toBe(2_000);
  });

  it('are as few as the most careful handler of the topic asks for, whoever came first', () => {
    const table = new HandlerTable();
    table.add('approvals', ['approval.signed.v1'], handle, { most: 500 });
    table.add('approvals', ['approval.refused.v1'], handle);
    table.add('declarations', ['declaration.declared.v1'], handle);
    table.add('declarations', ['declaration.declared.v1'], handle, { most: 100 });
    expect(table.mostOf('approvals')).toBe(500);
    expect(table.mostOf('declarations')).toBe(100);
  });
});
