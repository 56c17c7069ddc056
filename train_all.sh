#!/usr/bin/env bash
# The whole pipeline, step by step, from a shell. Options are those of `npm start`, e.g. ./train_all.sh --profile smoke
set -euo pipefail
export INIT_CWD="${INIT_CWD:-$PWD}"
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci
case " $* " in
  *" --help "*) exec npx nx run train-all:run -- --help ;;
  *" --name "*) name=() ;;
  *) name=(--name "$(date -u +%Y-%m-%d-%H%M)") ;;
esac
for step in data preprocess train evaluate export; do
  npx nx run "train-all:$step" -- "$@" "${name[@]}"
done
