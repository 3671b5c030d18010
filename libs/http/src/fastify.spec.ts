import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { httpAdapter } from './fastify.js';

describe('a request that does not arrive', () => {
  const adapter = httpAdapter(100);
  const fastify = adapter.getInstance();
  afterEach(() => fastify.close());

  it('is answered with 408 when its time is over, and its connection closed', async () => {
    let handled = false;
    fastify.post('/', () => {
      handled = true;
      return 'done';
    });
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    const socket = connect((fastify.server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(
      'POST / HTTP/1.1\r\nhost: spec\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"a":',
    );
    let answer = '';
    socket.on('data', (part) => void (answer += part.toString()));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(handled).toBe(false);
  });
});
