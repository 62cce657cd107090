#!/bin/sh
# Makes kg/data/vendor/sigma.js and its licences from the packages pinned in package-lock.json. Needs node and npm;
# the result is committed, so that nobody needs them to use kg. The same lock file gives the same bytes.
set -eu
cd "$(dirname "$0")"
vendor=../../kg/data/vendor
npm ci --silent --no-audit --no-fund
mkdir -p "$vendor"
npx esbuild entry.js --bundle --minify --format=iife --global-name=kgSigma --target=es2020 --charset=utf8 \
  --legal-comments=none --outfile=node_modules/sigma.bundle.js
{
  echo "Licences of what sigma.js is made of (see scripts/bundle_sigma)."
  for package in sigma graphology graphology-utils events; do
    version=$(node -p "require('./node_modules/$package/package.json').version")
    printf '\n\n%s %s\n\n' "$package" "$version"
    cat node_modules/$package/LICENSE*
  done
} > "$vendor/sigma.LICENSES.txt"
# Every page that holds the code holds the licences with it.
{ echo '/*!'; cat "$vendor/sigma.LICENSES.txt"; echo '*/'; cat node_modules/sigma.bundle.js; } > "$vendor/sigma.js"
