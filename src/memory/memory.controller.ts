import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { type Request } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { ClientGuard } from '../platform/client-access.js';
import { CountedRoute } from '../platform/counted-route.js';
import { SchemaPipe } from '../platform/schema.pipe.js';
import { ConversationStore, type StoredTurn } from './conversation.store.js';
import { type MemoryAddress, memoryAddress } from './domain/memory-address.js';
import { writeCursor } from './domain/page-cursor.js';
import { type ItemQuery, ItemStore, type StoredItem } from './item.store.js';
import { itemQuerySchema, keySchema, type PutItem, putItemSchema } from './memory.requests.js';
import { type MemorySettings, memorySettings } from './memory.settings.js';

/** The durable key–value store and its conversations; how a path names a key: `memoryAddress`. */
@Controller('memory')
@UseGuards(ClientGuard)
@CountedRoute('memory')
export class MemoryController {
  readonly #body: SchemaPipe<PutItem>;
  readonly #key: SchemaPipe<{ key: string }>;
  readonly #query: SchemaPipe<ItemQuery>;

  constructor(
    @Inject(ItemStore) private readonly items: ItemStore,
    @Inject(ConversationStore) private readonly conversations: ConversationStore,
    @Inject(memorySettings.KEY) settings: MemorySettings,
  ) {
    this.#body = new SchemaPipe(putItemSchema(settings));
    this.#key = new SchemaPipe(keySchema(settings));
    this.#query = new SchemaPipe(itemQuerySchema(settings));
  }

  /** Stores a value; the answer comes when it is durable. */
  @Post()
  @HttpCode(200)
  async put(@Body() body: unknown): Promise<unknown> {
    const { key, value } = this.#body.transform(body);
    await this.items.put({ namespace: '', key }, value);
    return { status: 'SUCCESS', key };
  }

  /** One page of all items, or the item that `?item=` names. */
  @Get()
  async list(@Req() request: Request): Promise<unknown> {
    const address = this.#address(request);
    if (address.about !== 'all') return await this.#shown(address);
    const { items, next } = await this.items.list('', this.#query.transform(address.parameters));
    return { items: items.map(itemBody), next_cursor: next === undefined ? null : writeCursor(next) };
  }

  /** The item or the session that the path names. */
  @Get('*rest')
  async get(@Req() request: Request): Promise<unknown> {
    return await this.#shown(this.#address(request));
  }

  /** Removes the item that `?item=` names. */
  @Delete()
  async deleteByQuery(@Req() request: Request): Promise<unknown> {
    return await this.#deleted(this.#address(request));
  }

  /** Removes the item or the session that the path names. */
  @Delete('*rest')
  async delete(@Req() request: Request): Promise<unknown> {
    return await this.#deleted(this.#address(request));
  }

  #address(request: Request): Exclude<MemoryAddress, { about: 'nothing' }> {
    const address = memoryAddress(request.originalUrl);
    if (address.about === 'nothing') throw gatewayError('BAD_REQUEST', address.problem);
    if (address.about === 'item') this.#key.transform(address);
    return address;
  }

  async #shown(address: MemoryAddress): Promise<unknown> {
    if (address.about === 'session') {
      const turns = await this.conversations.history({ namespace: '', sessionId: address.id });
      if (turns.length === 0) throw noSession();
      return { session_id: address.id, turns: turns.flatMap(turnBodies) };
    }
    const item = address.about === 'item' ? await this.items.get({ namespace: '', key: address.key }) : undefined;
    if (item === undefined) throw noItem();
    return itemBody(item);
  }

  async #deleted(address: MemoryAddress): Promise<unknown> {
    if (address.about === 'session') {
      if (!(await this.conversations.delete({ namespace: '', sessionId: address.id }))) throw noSession();
      return { status: 'SUCCESS', session_id: address.id };
    }
    if (address.about !== 'item')
      throw gatewayError('BAD_REQUEST', 'Name what to delete: /memory/{key} or /memory?item={key}.');
    if (!(await this.items.delete({ namespace: '', key: address.key }))) throw noItem();
    return { status: 'SUCCESS', key: address.key };
  }
}

const noItem = (): Error => gatewayError('NOT_FOUND', 'There is no item with this key.');
const noSession = (): Error => gatewayError('NOT_FOUND', 'There is no session with this id.');

function itemBody({ key, value, updatedAt }: StoredItem): unknown {
  return { key, value, updated_at: new Date(updatedAt).toISOString() };
}

function turnBodies({ userText, modelText, model, usage, createdAt }: StoredTurn): unknown[] {
  const created_at = new Date(createdAt).toISOString();
  return [
    { role: 'user', text: userText, created_at },
    { role: 'model', text: modelText, model, usage, created_at },
  ];
}
