import { beforeAll, describe, expect, it } from 'vitest';
import { testEmulator, type TestClient } from '../testing/test-emulator.js';

const emulator = testEmulator();
let rest: TestClient;
beforeAll(async () => void (rest = await emulator.as()));

const demo = async (subject: string) => rest.one('Afspraak', `Onderwerp='${subject}'`);

describe('catalog', () => {
  it('is open to guests, in the forms of the documentation', async () => {
    const list = (await emulator.guest.get('$catalog')).body;
    expect(list['__UNIQID']).toMatch(/^[0-9A-F]{32}$/);
    expect(list['dataClasses']).toContainEqual({ name: 'Afspraak', uri: '/rest/$catalog/Afspraak', dataURI: '/rest/Afspraak' });
    const all = (await emulator.guest.get('$catalog/$all')).body['dataClasses'] as Array<Record<string, unknown>>;
    const one = (await emulator.guest.get('$catalog/Afspraak')).body;
    expect(all.find((dataclass) => dataclass['name'] === 'Afspraak')).toEqual(one);
    expect(one).toMatchObject({ className: 'Afspraak', collectionName: 'AfspraakSelection', scope: 'public', dataURI: '/rest/Afspraak', key: [{ name: 'ID' }] });
    const attributes = one['attributes'] as Array<Record<string, unknown>>;
    const attribute = (name: string) => attributes.find((candidate) => candidate['name'] === name);
    expect(attribute('__GlobalStamp')).toMatchObject({ kind: 'storage', type: 'long64', indexed: true });
    expect(attribute('ID')).toMatchObject({ type: 'uuid', identifying: true });
    expect(attribute('BeginDatum')).toMatchObject({ type: 'date', simpleDate: true });
    expect(attribute('BeginTijd')).toMatchObject({ type: 'duration' });
    expect(attribute('relatie')).toMatchObject({ kind: 'relatedEntity', type: 'Relatie', foreignKey: 'RelatieID' });
    expect(attribute('deelnemers')).toMatchObject({ kind: 'relatedEntities', type: 'AfspraakDeelnemerSelection', reversePath: true });
    expect((await emulator.guest.get('$catalog/Gebruiker')).raw.body).not.toContain('__GlobalStamp');
  });

  it('refuses a dataclass that is not there', async () => {
    expect(((await emulator.guest.get('$catalog/Afspraak,Project')).body['dataClasses'] as unknown[]).map((one) => (one as { name: string }).name)).toEqual(['Afspraak', 'Project']);
    expect((await emulator.guest.get('$catalog/Afspraak,Onbekend')).status).toBe(404);
    const { status, body } = await emulator.guest.get('$catalog/Onbekend');
    expect([status, body]).toMatchObject([404, { __ERROR: [{ errCode: 1800, componentSignature: 'dbmg' }] }]);
  });
});

describe('the form of an answer', () => {
  it('is a page with 4D’s own fields, in their order', async () => {
    const { body, raw } = await rest.get('Afspraak', { $filter: `"Onderwerp='Offerte koelcel@'"` });
    expect(Object.keys(body)).toEqual(['__DATACLASS', '__entityModel', '__GlobalStamp', '__COUNT', '__FIRST', '__ENTITIES', '__SENT']);
    expect(body).toMatchObject({ __DATACLASS: 'Afspraak', __entityModel: 'Afspraak', __COUNT: 1, __FIRST: 0, __SENT: 1 });
    expect(body['__GlobalStamp']).toBe((await emulator.stats()).stamp);
    const [entity] = body['__ENTITIES'] as Array<Record<string, unknown>>;
    expect(Object.keys(entity ?? {}).slice(0, 4)).toEqual(['__KEY', '__TIMESTAMP', '__STAMP', 'ID']);
    expect(entity).toMatchObject({
      __STAMP: 1,
      Onderwerp: 'Offerte koelcel bespreken ☕',
      Locatie: 'Café ’t Hoekje, Markt 3, Breda',
      BeginTijd: 39_600_000,
      HeleDag: false,
      HerinneringMinuten: null,
      ReeksID: null,
      GewijzigdDoor: 'beheer',
      administratie: { __deferred: { uri: `/rest/Administratie(${String(entity?.['AdministratieID'])})`, __KEY: entity?.['AdministratieID'] } },
      deelnemers: { __deferred: { uri: `/rest/Afspraak(${String(entity?.['ID'])})/deelnemers?$expand=deelnemers` } },
    });
    expect(entity?.['BeginDatum']).toMatch(/^[1-9]\d?![1-9]\d?!\d{4}$/);
    expect(entity?.['ID']).toMatch(/^[0-9A-F]{32}$/);
    expect(entity?.['__KEY']).toBe(entity?.['ID']);
    expect(entity?.['GewijzigdOp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(raw.headers['content-type']).toContain('application/json');
  });

  it('leaves leading zeros out of dates and shows a blank one as 0!0!0', async () => {
    const { render } = await import('../catalog/value-form.js');
    expect(render('date', '2017-03-06')).toBe('6!3!2017');
    expect(render('date', null)).toBe('0!0!0');
  });

  it('has a null for a relation that leads nowhere', async () => {
    expect(await demo('Dagstart')).toMatchObject({ RelatieID: null, relatie: null, contactpersoon: null });
  });

  it('shows an entity with __entityModel beside its fields, by every kind of address', async () => {
    const { ID } = await demo('Dagstart');
    const key = String(ID);
    const first = await rest.get(`Afspraak(${key})`);
    expect(first.body).toMatchObject({ __entityModel: 'Afspraak', __KEY: key, Onderwerp: 'Dagstart' });
    for (const path of [`Afspraak("${key}")`, `Afspraak('${key.toLowerCase()}')`, `Afspraak[${key}]`, `Afspraak:ID(${key})`, `Afspraak(${key})/`]) {
      expect((await rest.get(path)).body, path).toEqual(first.body);
    }
    expect((await rest.get('Gebruiker:Inlognaam(jansen)')).body).toMatchObject({ Inlognaam: 'jansen', Email: 'jansen@example.com', Actief: true });
  });

  it('answers 404 and 1542 for a key that is not there', async () => {
    expect(await rest.get(`Afspraak(${'0'.repeat(31)}1)`)).toMatchObject({ status: 404, body: { __ERROR: [{ errCode: 1542 }] } });
  });
});

describe('attributes and relations', () => {
  it('shows the chosen attributes only, from the path or $attributes', async () => {
    const { ID } = await demo('Dagstart');
    const byPath = await rest.get(`Afspraak(${String(ID)})/Onderwerp,BeginTijd`);
    expect(Object.keys(byPath.body)).toEqual(['__entityModel', '__KEY', '__TIMESTAMP', '__STAMP', 'Onderwerp', 'BeginTijd']);
    expect((await rest.get(`Afspraak(${String(ID)})`, { $attributes: '"Onderwerp,BeginTijd"' })).body).toEqual(byPath.body);
    const page = (await rest.get('Afspraak/ID,__GlobalStamp', { $limit: '2' })).body['__ENTITIES'] as object[];
    expect(Object.keys(page[0] ?? {})).toEqual(['__KEY', '__TIMESTAMP', '__STAMP', 'ID', '__GlobalStamp']);
  });

  it('follows rel.c and rel.* to both kinds of relation', async () => {
    const page = await rest.get('Afspraak', { $attributes: 'Onderwerp,relatie.Naam,contactpersoon.*,deelnemers.Email', $filter: "Onderwerp='Oplevering@'" });
    const [entity] = page.body['__ENTITIES'] as Array<Record<string, Record<string, unknown>>>;
    expect(entity?.['relatie']).toMatchObject({ Naam: 'Coöperatie De Groene Weide U.A.' });
    expect(entity?.['relatie']).not.toHaveProperty('Plaats');
    expect(entity?.['contactpersoon']).toMatchObject({ Naam: 'Geert Hoekstra', Mobiel: '06-55501005' });
    expect(entity?.['deelnemers']).toMatchObject({ __COUNT: 2, __SENT: 2, __ENTITIES: [{ Email: 'jansen@example.com' }, { Email: 'g.hoekstra@groeneweide.example' }] });
    expect(entity).not.toHaveProperty('Locatie');
  });

  it('expands relations, and follows the uri of a deferred one', async () => {
    const { ID } = await demo('Werkoverleg planning');
    const expanded = (await rest.get(`Afspraak(${String(ID)})`, { $expand: 'deelnemers,gebruiker' })).body;
    expect(expanded).toMatchObject({ gebruiker: { Inlognaam: 'jansen' }, deelnemers: { __COUNT: 2 } });
    const collection = (await rest.get(`Afspraak(${String(ID)})/deelnemers`, { $expand: 'deelnemers' })).body;
    expect(collection).toMatchObject({ __DATACLASS: 'AfspraakDeelnemer', __COUNT: 2, __SENT: 2 });
    expect((await rest.get(`Afspraak(${String(ID)})/gebruiker`, { $expand: 'gebruiker' })).body).toMatchObject({ __entityModel: 'Gebruiker', Inlognaam: 'jansen' });
  });

  it('makes an entity set of related entities, and pages through a set, as wakanda-client asks', async () => {
    const { ID } = await demo('Toolbox: veilig werken op hoogte');
    const related = (await rest.get(`Afspraak(${String(ID)})/deelnemers`, { $expand: 'deelnemers', $method: 'subentityset', $limit: '1' })).body;
    expect(related).toMatchObject({ __DATACLASS: 'AfspraakDeelnemer', __COUNT: 3, __SENT: 1 });
    const set = String(related['__ENTITYSET']).replace('/rest/', '');
    expect((await rest.get(set, { $method: 'subentityset', $skip: '1', $limit: '2' })).body).toMatchObject({ __ENTITYSET: related['__ENTITYSET'], __COUNT: 3, __FIRST: 1, __SENT: 2 });
  });

  it('refuses an unknown attribute', async () => {
    expect(await rest.get('Afspraak/Onzin')).toMatchObject({ status: 500, body: { __ERROR: [{ errCode: 1500 }, { errCode: 1804 }] } });
  });
});

describe('selection', () => {
  it('orders, skips, limits, and cuts at 100 silently', async () => {
    const ids = Array.from({ length: 150 }, (_, n) => ({ Nummer: `T${String(n).padStart(3, '0')}`, Naam: 'tijdelijk' }));
    await rest.save('Relatie', ids);
    const page = async (params: Record<string, string>) => {
      const { body } = await rest.get('Relatie', { $filter: `"Naam='tijdelijk'"`, ...params });
      return { ...body, numbers: (body['__ENTITIES'] as Array<Record<string, string>>).map((entity) => entity['Nummer']) };
    };
    expect(await page({})).toMatchObject({ __COUNT: 150, __SENT: 100 });
    expect(await page({ $limit: '"120"' })).toMatchObject({ __SENT: 120 });
    expect(await page({ $top: '2', $skip: '149' })).toMatchObject({ __FIRST: 149, __SENT: 1, numbers: ['T149'] });
    expect(await page({ $top: '2', $orderby: '"Nummer desc"' })).toMatchObject({ numbers: ['T149', 'T148'] });
    expect(await page({ $top: '1', $orderby: 'Naam asc, __GlobalStamp desc' })).toMatchObject({ numbers: ['T149'] });
    expect((await rest.get('Relatie/Nummer', { $filter: "Naam='tijdelijk'", $compute: 'count' })).raw.body).toBe('150');
    await rest.post('Relatie', { $method: 'delete', $filter: "Naam='tijdelijk'" });
    expect(await page({})).toMatchObject({ __COUNT: 0, __SENT: 0 });
  });

  it('computes and lists distinct values', async () => {
    expect((await rest.get('Afspraak/Status', { $distinct: 'true' })).body).toEqual(expect.arrayContaining(['Gepland', 'Afgerond', 'Vervallen']));
    const all = (await rest.get('Afspraak/HerinneringMinuten', { $compute: '$all' })).body['HerinneringMinuten'] as Record<string, number>;
    expect(all).toMatchObject({ count: 4, min: 5, max: 1440, sum: 1520, average: 380 });
    expect((await rest.get('Afspraak/HerinneringMinuten', { $compute: 'max' })).raw.body).toBe('1440');
  });

  it('strips a pair of quotes and takes + for a blank', async () => {
    const raw = await emulator.app.inject({ url: `/rest/Gebruiker?$filter=%22Inlognaam+=+:1%22&$params='[%22vis\\u0073er%22]'`, headers: { cookie: String((await emulator.door('POST', 'sessions')).body['cookie']) } });
    expect(raw.json()).toMatchObject({ __COUNT: 1 });
  });

  it.each([
    [{ $filter: 'Onderwerp = ' }, 500, 1204],
    [{ $filter: 'x', $params: 'geen' }, 500, 1806],
    [{ $orderby: 'Onderwerp up' }, 500, 1810],
    [{ $orderby: 'Onzin' }, 500, 1500],
    [{ $method: 'onzin' }, 500, 1812],
    [{ $method: 'update' }, 500, 1812],
    [{ $limit: 'veel' }, 500, 1806],
    [{ $top: '1', $limit: '1' }, 500, 1806],
    [{ $filter: "'x" }, 500, 1809],
    [{ $queryplan: 'true' }, 501, 1811],
    [{ $onzin: '1' }, 501, 1811],
    [{ $compute: 'count' }, 501, 1811],
    [{ $timeout: '5' }, 501, 1811],
    [{ filter: 'x=1' }, 501, 1811],
    [{ $method: 'subentityset' }, 501, 1811],
  ])('refuses %j with %i and %i, never ignores it', async (params, status, errCode) => {
    const answer = await rest.get('Afspraak', params as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.body['__ERROR']).toContainEqual(expect.objectContaining({ errCode }));
    const [name = ''] = Object.keys(params);
    expect(answer.raw.body.includes(name) || status !== 501, 'a refusal for want of support names the parameter').toBe(true);
  });

  it('knows only GET and POST', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE'] as const) expect((await emulator.app.inject({ method, url: '/rest/Afspraak' })).statusCode).toBe(405);
  });
});

describe('entity sets', () => {
  it('freeze the members, keep values live, count deleted ones until $clean', async () => {
    await rest.save('Project', [{ Nummer: 'S1', Omschrijving: 'set' }, { Nummer: 'S2', Omschrijving: 'set' }, { Nummer: 'S3', Omschrijving: 'set' }]);
    const made = (await rest.get('Project', { $filter: "Omschrijving='set'", $method: 'entityset', $timeout: '600' })).body;
    const path = String(made['__ENTITYSET']).replace('/rest/', '');
    expect(path).toMatch(/^Project\/\$entityset\/[0-9A-F]{32}$/);
    const second = await rest.one('Project', "Nummer='S2'");
    await rest.save('Project', { __KEY: second['__KEY'], __STAMP: second['__STAMP'], Omschrijving: 'anders' });
    await rest.post('Project', { $method: 'delete', $filter: "Nummer='S1'" });
    await rest.save('Project', { Nummer: 'S4', Omschrijving: 'set' });
    expect((await rest.get(path, { $skip: '0', $top: '10' })).body).toMatchObject({ __COUNT: 3, __SENT: 2, __ENTITIES: [{ Nummer: 'S2', Omschrijving: 'anders' }, { Nummer: 'S3' }] });
    const cleaned = (await rest.get(path, { $clean: 'true' })).body;
    expect(cleaned).toMatchObject({ __COUNT: 2, __SENT: 2 });
    expect((await rest.post(path, { $method: 'release' })).body).toEqual({ ok: true });
    expect(await rest.get(path)).toMatchObject({ status: 404, body: { __ERROR: [{ errCode: 1802 }] } });
    const cleanedPath = String(cleaned['__ENTITYSET']).replace('/rest/', '');
    await rest.post(cleanedPath, { $method: 'delete' });
    expect(await rest.all('Project', "Nummer='S@'")).toMatchObject([{ Nummer: 'S4' }]);
    expect((await rest.post('Project/$entityset/$release', {}, [cleanedPath.split('/')[2]])).body).toEqual({ ok: true });
  });

  it('are gone two hours after their last use', async () => {
    const made = (await rest.get('Project', { $method: 'entityset' })).body;
    const path = String(made['__ENTITYSET']).replace('/rest/', '');
    await emulator.door('POST', 'clock', { advance: 'PT1H59M' });
    expect((await rest.get(path)).status).toBe(200);
    await emulator.door('POST', 'clock', { advance: 'PT2H1M' });
    expect((await rest.get(path)).status).toBe(404);
  });
});
