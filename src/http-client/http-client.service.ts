import { Injectable } from '@nestjs/common';
import axios, { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import axiosRetry from 'axios-retry';
import { ConnectionPool } from './connection-pool.js';
import { connectionFault } from './domain/connection-error.js';

/** Tries in all of one control call. */
const CONTROL_ATTEMPTS = 2;

/**
 * The buffered client for control calls (model lists, probes): axios on the agents of the
 * current pool generation. Calls to models do not go through it: they carry their bytes on
 * the pool's dispatcher.
 */
@Injectable()
export class HttpClientService {
  readonly #axios: AxiosInstance;

  constructor(private readonly pool: ConnectionPool) {
    this.#axios = axios.create({
      adapter: 'http',
      maxRedirects: 0,
      // Callers judge the status themselves: an answer is not an error of the client.
      validateStatus: () => true,
      maxContentLength: 4 * 1024 * 1024,
    });
    axiosRetry(this.#axios, {
      retries: CONTROL_ATTEMPTS - 1,
      // Only what never reached the other side may be repeated blindly.
      retryCondition: (error) => ['connect', 'reset', 'dns'].includes(connectionFault(error) ?? ''),
      retryDelay: () => Math.random() * 200,
    });
  }

  /** Sends one buffered request; counts connection errors like every other call. `timeout` in ms is required. */
  async request<T>(config: AxiosRequestConfig & { timeout: number }): Promise<AxiosResponse<T>> {
    const loopback = /^https?:\/\/(localhost|127\.|\[::1\])/.test(config.url ?? '');
    try {
      const answer = await this.#axios.request<T>({
        ...this.pool.agents,
        ...(loopback ? { proxy: false } : {}),
        ...config,
      });
      this.pool.succeeded();
      return answer;
    } catch (error) {
      this.pool.failed(error);
      throw error;
    }
  }
}
