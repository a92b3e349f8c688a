import { aiSdkDriver } from './ai-sdk.driver.js';
import { type ClientDriver } from './client-driver.js';
import { genaiDriver } from './genai.driver.js';
import { generativeAiDriver } from './generative-ai.driver.js';
import { langchainDriver } from './langchain.driver.js';
import { openaiDriver } from './openai.driver.js';

/** Each package once. */
export const PACKAGES: readonly ClientDriver[] = [
  genaiDriver,
  generativeAiDriver,
  langchainDriver,
  aiSdkDriver,
  openaiDriver('/v1'),
];

/** Each package at each address by which the node is known to it. */
export const CLIENTS: readonly ClientDriver[] = [...PACKAGES, openaiDriver('/v1beta/openai/')];
