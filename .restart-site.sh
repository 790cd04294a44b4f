#!/bin/sh
# restarts the site child of the running demo
pid=$(node -p "require('/work/s5/.tidemark/state.json').children.site"); kill -TERM $pid; sleep 4
