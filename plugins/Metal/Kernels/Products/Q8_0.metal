#include "Formats/Q8_0.metal"
#include "Products/MatVec.metal"
#include "Products/MatMat.metal"
#include "Products/GetRows.metal"

template [[host_name("mat_vec_q8_0")]] kernel decltype(mat_vec<Q8_0>) mat_vec<Q8_0>;
template [[host_name("mat_mat_q8_0")]] kernel decltype(mat_mat<Q8_0>) mat_mat<Q8_0>;
template [[host_name("get_rows_q8_0")]] kernel decltype(get_rows<Q8_0>) get_rows<Q8_0>;
