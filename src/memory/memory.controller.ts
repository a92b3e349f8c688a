import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { ClientAccess, ClientGuard } from '../platform/client-access.js';
import { CountedRoute } from '../platform/counted-route.js';
import { SchemaPipe } from '../platform/schema.pipe.js';
import { conditionOf, isCurrent, withPresentTag } from './conditions.js';
import { ConversationStore, type SessionQuery } from './conversation.store.js';
import { entityTag } from './domain/entity-tag.js';
import { type ListParameters, type MemoryAddress, memoryAddress } from './domain/memory-address.js';
import { type ItemQuery, ItemStore } from './item.store.js';
import { itemBody, itemPageBody, sessionBody, sessionPageBody } from './memory.bodies.js';
import { itemQuerySchema, keySchema, type PutItem, putItemSchema, sessionQuerySchema } from './memory.requests.js';
import { type MemorySettings, memorySettings } from './memory.settings.js';

/** What is asked for: an item, a session, or a list. */
type Address = Exclude<MemoryAddress, { about: 'nothing' }>;

/** The durable key–value store and its conversations, each client's own; how a path names a key: `memoryAddress`. */
@Controller('memory')
@UseGuards(ClientGuard)
@CountedRoute('memory')
export class MemoryController {
  readonly #body: SchemaPipe<PutItem>;
  readonly #key: SchemaPipe<{ key: string }>;
  readonly #query: SchemaPipe<ItemQuery>;
  readonly #sessionQuery: SchemaPipe<SessionQuery>;

  constructor(
    @Inject(ItemStore) private readonly items: ItemStore,
    @Inject(ConversationStore) private readonly conversations: ConversationStore,
    @Inject(memorySettings.KEY) settings: MemorySettings,
    private readonly access: ClientAccess,
  ) {
    this.#body = new SchemaPipe(putItemSchema(settings));
    this.#key = new SchemaPipe(keySchema(settings));
    this.#query = new SchemaPipe(itemQuerySchema(settings));
    this.#sessionQuery = new SchemaPipe(sessionQuerySchema(settings));
  }

  /** Stores a value; the answer comes when it is durable. */
  @Post()
  @HttpCode(200)
  async put(
    @Body() body: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    const { key, value } = this.#body.transform(body);
    const written = this.items.put({ namespace: this.access.namespaceOf(request), key }, value, conditionOf(request));
    response.setHeader('etag', entityTag(await withPresentTag(response, written)));
    return { status: 'SUCCESS', key };
  }

  /** One page of all items, or the item that `?item=` names. */
  @Get()
  async list(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<unknown> {
    return await this.#shown(request, response);
  }

  /** The item or the session that the path names, or one page of all sessions. */
  @Get('*rest')
  async get(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<unknown> {
    return await this.#shown(request, response);
  }

  /** Removes the item that `?item=` names. */
  @Delete()
  async deleteByQuery(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<unknown> {
    return await this.#deleted(request, response);
  }

  /** Removes the item or the session that the path names. */
  @Delete('*rest')
  async delete(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<unknown> {
    return await this.#deleted(request, response);
  }

  #address(request: Request): Address {
    const address = memoryAddress(request.originalUrl);
    if (address.about === 'nothing') throw gatewayError('BAD_REQUEST', address.problem);
    if (address.about === 'item') this.#key.transform(address);
    return address;
  }

  async #shown(request: Request, response: Response): Promise<unknown> {
    const namespace = this.access.namespaceOf(request);
    const address = this.#address(request);
    switch (address.about) {
      case 'all':
        return itemPageBody(await this.items.list(namespace, this.#query.transform(address.parameters)));
      case 'sessions':
        return await this.#sessions(namespace, address.parameters);
      case 'session': {
        const turns = await this.conversations.history({ namespace, sessionId: address.id });
        if (turns.length === 0) throw noSession();
        return sessionBody(address.id, turns);
      }
      case 'item': {
        const item = await this.items.get({ namespace, key: address.key });
        if (item === undefined && address.orSessions !== undefined)
          return await this.#sessions(namespace, address.orSessions);
        if (item === undefined) throw noItem();
        if (!isCurrent(request, response, item.revision)) return itemBody(item);
        response.status(304);
        return undefined;
      }
    }
  }

  async #sessions(namespace: string, parameters: ListParameters): Promise<unknown> {
    return sessionPageBody(await this.conversations.list(namespace, this.#sessionQuery.transform(parameters)));
  }

  async #deleted(request: Request, response: Response): Promise<unknown> {
    const namespace = this.access.namespaceOf(request);
    const address = this.#address(request);
    if (address.about === 'session') {
      if (!(await this.conversations.delete({ namespace, sessionId: address.id }))) throw noSession();
      return { status: 'SUCCESS', session_id: address.id };
    }
    if (address.about !== 'item')
      throw gatewayError('BAD_REQUEST', 'Name what to delete: /memory/{key} or /memory?item={key}.');
    const gone = this.items.delete({ namespace, key: address.key }, conditionOf(request));
    if (!(await withPresentTag(response, gone))) throw noItem();
    return { status: 'SUCCESS', key: address.key };
  }
}

const noItem = (): Error => gatewayError('NOT_FOUND', 'There is no item with this key.');
const noSession = (): Error => gatewayError('NOT_FOUND', 'There is no session with this id.');
