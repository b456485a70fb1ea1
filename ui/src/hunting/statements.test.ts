import { describe, expect, it } from 'vitest';
import { splitStatements, statementAt } from './statements';

const texts = (text: string) => splitStatements(text).map((s) => s.text);

describe('splitStatements', () => {
  it('splits at blank lines', () => {
    expect(texts('A\n| take 1\n\nB\n| take 2\n')).toEqual(['A\n| take 1', 'B\n| take 2']);
  });
  it('keeps let statements with the query they serve', () => {
    expect(texts('let x = 1;\n\nlet y = 2;\n\nA | where z == x')).toEqual(['let x = 1;\n\nlet y = 2;\n\nA | where z == x']);
  });
  it('goes on before a pipe and after one', () => {
    expect(texts('A\n\n| take 1')).toEqual(['A\n\n| take 1']);
    expect(texts('A |\n\ntake 1')).toEqual(['A |\n\ntake 1']);
  });
  it('goes on inside brackets, but not for brackets in strings and comments', () => {
    expect(texts('union (\n\nA\n\n)\n| count')).toHaveLength(1);
    expect(texts('A | where x == "("\n\nB // (\n\nC')).toHaveLength(3);
  });
  it('keeps a heading comment with its query', () => {
    expect(texts('// what it is\n\nA\n\n// next\nB')).toEqual(['// what it is\n\nA', '// next\nB']);
  });
  it('knows where each begins', () => {
    const [, second] = splitStatements('\n\nA\n\n\nB | take 1\r\n');
    expect(second).toEqual({ text: 'B | take 1', start: 6, end: 16, line: 6, column: 1 });
  });
  it('finds nothing in nothing', () => {
    expect(splitStatements(' \n\n')).toEqual([]);
  });
});

describe('statementAt', () => {
  const text = 'A\n| take 1\n\nB';
  it('finds the query at the cursor', () => {
    expect(statementAt(text, 4)?.text).toBe('A\n| take 1');
    expect(statementAt(text, text.length)?.text).toBe('B');
  });
  it('takes the one before when the cursor is between', () => {
    expect(statementAt(text, 11)?.text).toBe('A\n| take 1');
  });
  it('takes the first when there is none before', () => {
    expect(statementAt('\n\nA', 0)?.text).toBe('A');
    expect(statementAt('', 0)).toBeNull();
  });
});
