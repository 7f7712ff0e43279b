# One image per app: docker build --build-arg APP=reconciler -t calsync/reconciler .
# Holds the app's compiled code, our libraries and the production dependencies; no sources, no tools, no tests.
ARG NODE_IMAGE=node:26-bookworm-slim

FROM ${NODE_IMAGE} AS build
ARG APP
WORKDIR /src
COPY . .
RUN test -d "apps/${APP}" || { echo "--build-arg APP must name a folder of apps/, not '${APP}'" >&2; exit 1; }
RUN --mount=type=cache,target=/npm-cache npm ci --cache=/npm-cache --ignore-scripts --no-audit --no-fund --loglevel=error
RUN node_modules/.bin/tsc -b "apps/${APP}" libs/event-log \
 && if [ "${APP}" = console ]; then node_modules/.bin/vite build apps/console-web; fi
# Only what runs: our projects without sources and tests; of the others the manifests, which npm compares with the lock file.
RUN mkdir -p /out/apps \
 && cp -r package.json package-lock.json .npmrc libs /out/ \
 && cp -r "apps/${APP}" /out/apps/ \
 && if [ "${APP}" = console ]; then mkdir /out/apps/console-web && cp -r apps/console-web/dist /out/apps/console-web/; fi \
 && find apps tools -mindepth 2 -maxdepth 2 -name package.json -exec cp --parents {} /out/ \; \
 && rm -rf /out/libs/*/src /out/apps/*/src \
 && find /out \( -name '*.test.*' -o -name '*.d.ts' -o -name '*.d.ts.map' -o -name '*.tsbuildinfo' -o -name 'tsconfig*.json' \) -delete \
 && ln -s "apps/${APP}/dist/main.js" /out/main.js

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /out
COPY --from=build /out ./
RUN --mount=type=cache,target=/npm-cache npm ci --cache=/npm-cache --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error

FROM ${NODE_IMAGE} AS run
ENV NODE_ENV=production HOST=0.0.0.0 HEALTH_PATH=/health/live
WORKDIR /app
COPY --from=dependencies /out ./
# A named volume takes over the owner of the folder that it covers.
RUN mkdir /data && chown 1000:1000 /data
# The number, not the name: Kubernetes can only check a number against runAsNonRoot.
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}${process.env.HEALTH_PATH}`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--disable-warning=TimeoutNegativeWarning", "main.js"]
