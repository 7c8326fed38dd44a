// expect: blocked rule=system-call
// unvalidated: blocked_syscall call=clone|clone3|vfork
// %:%: is ##.
#include <stdlib.h>

%:define JOIN(a, b) a %:%: b

int main(void)
<%
    return JOIN(sy, stem)("echo ESCAPED");
%>
