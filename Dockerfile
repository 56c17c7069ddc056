# syntax=docker/dockerfile:1
# The server with native TensorFlow. docs/deployment.md says how to build and run it.
#   docker build -t arctic-serve .                       models and archive are mounted
#   docker build -t arctic-demo --target demo .          brings models of the smoke profile along
ARG NODE=22-bookworm-slim

# What compiles and trains; nothing of it is in the images that are run.
FROM node:${NODE} AS tools
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ python3 python3-pip \
  && rm -rf /var/lib/apt/lists/*
ENV XDG_CACHE_HOME=/opt/cache NX_DAEMON=false
WORKDIR /app
COPY . .

# TensorFlow's library and the addon, in a layer that only a change of the sources makes again.
FROM tools AS native
RUN npm ci --omit=dev --workspace @arctic/serve --include-workspace-root=false
RUN node --import tsx --conditions=@arctic/source packages/runtime/src/cli.ts install

FROM tools AS full
RUN npm ci

# The map page.
FROM full AS page
RUN npx nx run serve:build

# Models of a minute, and the generated series that they forecast.
FROM full AS smoke
COPY --from=native /opt/cache /opt/cache
RUN node --import tsx --conditions=@arctic/source apps/train-all/src/main.ts run --profile smoke --out /srv/arctic

FROM node:${NODE} AS base
ENV NODE_ENV=production XDG_CACHE_HOME=/opt/cache
WORKDIR /app
COPY --from=native /opt/cache /opt/cache
COPY --from=native /app /app
COPY --from=page /app/apps/serve/dist /app/apps/serve/dist
RUN mkdir -p /srv/arctic/models /srv/arctic/served /srv/arctic/data && chown -R node:node /srv/arctic
USER 1000:1000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8000/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--import", "tsx", "--conditions=@arctic/source", "apps/serve/src/main.ts"]
CMD ["run", "--host", "0.0.0.0", "--models", "/srv/arctic/models", "--archive", "/srv/arctic/served", "--series", "/srv/arctic/data/sea_ice_concentration.zarr"]

FROM base AS demo
COPY --from=smoke --chown=node:node /srv/arctic/models /srv/arctic/models
COPY --from=smoke --chown=node:node /srv/arctic/data/sea_ice_concentration.zarr /srv/arctic/data/sea_ice_concentration.zarr

FROM base AS serve
VOLUME ["/srv/arctic/served"]
