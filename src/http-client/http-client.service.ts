import { Injectable } from '@nestjs/common';
import axios, { type AxiosError, type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import axiosRetry from 'axios-retry';
import { headerWait } from '../kernel/retry-after.js';
import { RetryPolicy } from '../resilience/index.js';
import { ConnectionPool } from './connection-pool.js';
import { connectionFault } from './domain/connection-error.js';

/** Faults after which nothing has reached the other side, so that any method may be repeated. */
const NEVER_SENT: ReadonlySet<string | undefined> = new Set(['connect', 'dns']);
const REPEATABLE_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * The buffered client for control calls (model lists, probes): axios on the agents of the current pool generation,
 * repeated by axios-retry under the one retry policy of the node. Calls to models do not go through it: they carry
 * their bytes on the pool's dispatcher and are repeated by their own plan, so the two never multiply.
 */
@Injectable()
export class HttpClientService {
  readonly #axios: AxiosInstance;

  constructor(
    private readonly pool: ConnectionPool,
    private readonly policy: RetryPolicy,
  ) {
    this.#axios = axios.create({ adapter: 'http', maxRedirects: 0, maxContentLength: 4 * 1024 * 1024 });
    axiosRetry(this.#axios, {
      retries: policy.settings.attempts - 1,
      // What is left of the time-out bounds all tries together.
      shouldResetTimeout: false,
      retryCondition: (error) => this.#mayRepeat(error),
      retryDelay: (retry, error) => policy.waitMs(retry, serverWait(error)),
    });
  }

  /**
   * Sends one buffered request; counts connection errors like every other call. An answer of any status is an answer.
   * `timeout` (ms, of all tries together) is required.
   */
  async request<T>(config: AxiosRequestConfig & { timeout: number }): Promise<AxiosResponse<T>> {
    const loopback = /^https?:\/\/(localhost|127\.|\[::1\])/.test(config.url ?? '');
    this.policy.call();
    const { generation } = this.pool;
    try {
      const answer = await this.#axios.request<T>({
        ...this.pool.agents,
        ...(loopback ? { proxy: false } : {}),
        ...config,
      });
      this.pool.succeeded(generation);
      return answer;
    } catch (error) {
      if (axios.isAxiosError<T>(error) && error.response !== undefined) {
        this.pool.succeeded(generation);
        return error.response;
      }
      this.pool.failed(error, generation);
      throw error;
    }
  }

  /** Within the wait limit and the budget: what never arrived, and for methods that change nothing also what failed there. */
  #mayRepeat(error: AxiosError): boolean {
    const reads = ['get', 'head'].includes(error.config?.method ?? '');
    const { response } = error;
    const fault = connectionFault(error);
    const worth =
      response === undefined
        ? NEVER_SENT.has(fault) || (reads && fault === 'reset')
        : reads && REPEATABLE_STATUS.has(response.status);
    if (!worth || (serverWait(error) ?? 0) > this.policy.settings.waitLimitMs) return false;
    return this.policy.take('retry');
  }
}

function serverWait({ response }: AxiosError): number | undefined {
  return response === undefined
    ? undefined
    : headerWait(response.headers as Record<string, string | string[] | undefined>, Date.now());
}
