import { Body, Controller, Get, Inject, Param, Put, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { changeAdministration, effectivePolicy, policySettingsSchema, type PolicySettings } from '@calsync/accounts';
import { asSourceName, type SourceName } from '@calsync/calendar-model';
import { logger } from '@calsync/service-chassis';
import { ConsoleParts } from '../console-parts.js';
import { Problem } from '../problems/problem.js';
import { administrationsIn, administrationsSchema, administrationViews, changedAdministrationSchema, type AdministrationViews, type ChangedAdministrationView } from './administration-views.js';

const log = logger('administrations');

@ApiTags('administrations')
@Controller('api/sources/:name/administrations')
export class AdministrationsController {
  constructor(@Inject(ConsoleParts) private readonly parts: ConsoleParts) {}

  @Get()
  @ApiOperation({ summary: 'The administrations of an Inventive server, with what is set for each and what goes' })
  @ApiResponse({ status: 200, standardSchema: administrationsSchema })
  list(@Param('name') name: string): Promise<AdministrationViews> {
    return administrationViews(this.parts, this.#source(name));
  }

  @Put(':id/settings')
  @ApiOperation({ summary: "Replace an administration's settings; what is left out or null is as by default, and its users inherit all that isn't set for themselves" })
  @ApiResponse({ status: 200, standardSchema: changedAdministrationSchema })
  async change(@Param('name') name: string, @Param('id') id: string, @Body({ schema: policySettingsSchema }) body: PolicySettings, @Req() request: FastifyRequest): Promise<ChangedAdministrationView> {
    const source = this.#source(name);
    const administration = (await administrationsIn(this.parts, source)).find((one) => one.id === id);
    if (administration === undefined) throw new Problem('unknown-administration');
    const { settings, affectedUsers } = await changeAdministration(this.parts, source, administration.id, body);
    log.info({ source, administration: administration.code, affectedUsers, by: request.session.administrator ?? '' }, 'the settings of an administration were changed');
    this.parts.directory.forget();
    this.parts.spread();
    return { settings, effective: effectivePolicy({ administration: settings }), affectedUsers };
  }

  #source(name: string): SourceName {
    if (!this.parts.inventive.sources.some((one) => one === name)) throw new Problem('unknown-source');
    return asSourceName(name);
  }
}
