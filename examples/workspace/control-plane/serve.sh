#!/bin/sh
# usage: serve.sh PORT HANDBOOK_URL
set -e
cd "$(dirname "$0")"
python=/usr/bin/python3
$python manage.py migrate --verbosity 0
$python manage.py furnish "$2"
exec $python manage.py runserver --noreload --insecure "127.0.0.1:$1"
