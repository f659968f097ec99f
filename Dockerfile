# syntax=docker/dockerfile:1
# A gateway: docker build -t tollgate .
# Node 20 is what every test runs on; the newer one of your choice: --build-arg NODE=22
ARG NODE=20

# The full image has what better-sqlite3 is compiled with where no prebuilt binary can be fetched.
FROM node:${NODE}-bookworm AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY LICENSE NOTICE tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY console console
COPY src src
COPY deploy/production-files.mjs deploy/healthcheck.mjs deploy/
RUN npm run build
# Charts and Parquet of `tollgate audit` are left out: --build-arg WITHOUT= keeps them (130 MB)
ARG WITHOUT=@duckdb/node-api,echarts,topojson-client,world-atlas
RUN node deploy/production-files.mjs /production --without "$WITHOUT"
# the only place that is written, on a volume: the owner of an empty volume is that of this folder
RUN mkdir -p /production-data && chmod 700 /production-data

FROM node:${NODE}-bookworm-slim
# package managers have no business in a running gateway
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
    && ln -s /opt/tollgate/dist/cli/main.js /usr/local/bin/tollgate
COPY --from=build /production /opt/tollgate
COPY --from=build --chown=1000:1000 /production-data /var/lib/tollgate
# nothing else can be written where the root is read-only: invoices that are compared are kept here meanwhile
ENV NODE_ENV=production \
    TOLLGATE_HOST=0.0.0.0 \
    TOLLGATE_PORT=7700 \
    TOLLGATE_DATA=/var/lib/tollgate \
    TMPDIR=/var/lib/tollgate
# by number, so that Kubernetes can see that it is not root
USER 1000:1000
WORKDIR /var/lib/tollgate
VOLUME /var/lib/tollgate
EXPOSE 7700
# alive, not ready: who restarts what is unhealthy must not do so because a store is down
# A start may have 14 days of log to read before it answers; the period ends with the first answer.
HEALTHCHECK --interval=10s --timeout=3s --start-period=1h --retries=3 \
    CMD ["node", "/opt/tollgate/healthcheck.mjs"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/opt/tollgate/dist/cli/main.js"]
CMD ["serve"]
