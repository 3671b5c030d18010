import { it } from '@jest/globals';

it('leaves something that fails by itself', () => {
  void Promise.reject(new Error('late'));
});
